import { floatTable } from '../floats';

/** Made when first needed: its 65,536 numbers take longer than opening a small model. */
let table: Float32Array | undefined;

/** A float16 of a block, little-endian. */
export function float16At(view: DataView, offset: number): number {
  table ??= floatTable('float16');
  return table[view.getUint16(offset, true)] ?? 0;
}
