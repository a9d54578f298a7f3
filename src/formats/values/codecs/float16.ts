import { floatTable } from '../floats';

/** A float16 of a block, little-endian. */
export function float16At(block: DataView, offset: number): number {
  return floatTable('float16')[block.getUint16(offset, true)] ?? 0;
}
