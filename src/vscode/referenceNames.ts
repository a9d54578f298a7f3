import { createHash } from 'node:crypto';
import type { Knobs, KnobValue } from '../protocol';

/** File systems take 255 bytes of name; what stands behind it has its part. */
const NAME_LENGTH = 120;

/** A variant with its changed knobs, as a row of a comparison shows it: `AA-ResNet-50 (heads 4, stages 3-4)`. */
export function referenceLabel(variant: string, knobs: Knobs): string {
  const settings = settingsOf(knobs);
  return settings.length === 0 ? variant : `${variant} (${settings.join(', ')})`;
}

/** The same as a file's name without its extension: nothing that file systems refuse, and different for other knobs. */
export function referenceFileName(variant: string, knobs: Knobs): string {
  const name = [variant, ...settingsOf(knobs)].join(' ').replace(/[^\p{L}\p{N} @.+-]+/gu, '-');
  if (name.length <= NAME_LENGTH) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, NAME_LENGTH)} ${hash}`;
}

function settingsOf(knobs: Knobs): readonly string[] {
  return Object.entries(knobs).map(([name, value]) => `${name} ${valueText(value)}`);
}

function valueText(value: KnobValue): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'object') return value.length === 0 ? 'none' : value.join('-');
  return String(value);
}
