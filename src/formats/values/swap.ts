import { bitsOf, type DType } from '../../model';

/** Packed elements with the bytes of each turned round, from big-endian to little-endian; complex numbers are two each. */
export function swapped(bytes: Uint8Array, dtype: DType): Uint8Array {
  const width = bitsOf(dtype) / (dtype.startsWith('complex') ? 16 : 8);
  if (width <= 1) return bytes;
  const turned = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at += width) {
    for (let byte = 0; byte < width; byte += 1) turned[at + byte] = bytes[at + width - 1 - byte] ?? 0;
  }
  return turned;
}
