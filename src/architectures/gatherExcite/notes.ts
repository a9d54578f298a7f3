/** What was found while counting Gather-Excite against arXiv 1810.12348: conventions, contradictions, and what was inferred. */
export const NOTES: readonly string[] = [
  'The printed costs are those of the ResNet-50 with the stride in the first 1x1 (3.86 G); the records count the stride in the 3x3 (4.09 G), 5.9% more. Set "strideIn" to compare.',
  'No reading reaches the printed parameters of theta and theta+ exactly: one kernel over the whole map per channel and block gives 31.11 M and 33.64 M against 31.2 M and 33.7 M.',
  'Global kernels are as large as the maps, so that parameters grow with the image.',
  'theta- has no parameters at all; averaging and the sigmoid count no multiply-adds.',
];
