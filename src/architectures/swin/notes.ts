/** What was found while counting Swin against arXiv 2103.14030: conventions, contradictions, and what was inferred. */
export const NOTES: readonly string[] = [
  'Attention within windows: its products cost 2 x tokens x window^2 x width, linear in the pixels.',
  'Every other block shifts its windows by half a window, and a mask keeps apart pixels that the shift brought together from opposite sides; masks are buffers, not parameters.',
  'Each block has a bias table of (2 window - 1)^2 entries a head, so that the parameters depend on the window and not on the image.',
  'A window as large as the map is not shifted: the last stage at 224.',
  'Printed figures agree at their precision.',
];
