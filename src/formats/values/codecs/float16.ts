import { floatTable } from '../floats';

const table = floatTable('float16');

/** A float16 of a block, little-endian. */
export function float16At(view: DataView, offset: number): number {
  return table[view.getUint16(offset, true)] ?? 0;
}
