import { bitsOf, type DType, type PackedField } from '../../model';

/** Entries of a typed field that `elements` take: complex numbers are two each; 4-bit and 2-bit types put two and four in one. */
export function entriesOf(dtype: DType, elements: number): number {
  if (dtype.startsWith('complex')) return 2 * elements;
  const bits = bitsOf(dtype);
  return bits === 4 || bits === 2 ? Math.ceil((elements * bits) / 8) : elements;
}

/** Bytes that protobuf's packed form of a typed field may take for `elements`. */
export function packedLength(field: PackedField, dtype: DType, elements: number): { readonly least: number; readonly most: number } {
  const entries = entriesOf(dtype, elements);
  if (field === 'float_data') return { least: 4 * entries, most: 4 * entries };
  if (field === 'double_data') return { least: 8 * entries, most: 8 * entries };
  return { least: entries, most: 10 * entries };
}

/** Entries of `int32_data`, which stands for every type up to 32 bits, as packed little-endian elements. */
export function packInt32(entries: ArrayLike<number>, dtype: DType): Uint8Array {
  switch (bitsOf(dtype)) {
    case 32:
      return bytesOf(Int32Array.from(entries));
    case 16:
      return bytesOf(Uint16Array.from(entries));
    case 6:
      return packSixBits(entries);
    default:
      return Uint8Array.from(entries);
  }
}

/** Six-bit elements as one stream of bits, the lowest first: four in three bytes. */
function packSixBits(entries: ArrayLike<number>): Uint8Array {
  const packed = new Uint8Array(Math.ceil((entries.length * 6) / 8));
  for (let index = 0; index < entries.length; index += 1) {
    const code = (entries[index] ?? 0) & 63;
    const bit = index * 6;
    const byte = Math.floor(bit / 8);
    packed[byte] = (packed[byte] ?? 0) | (code << (bit % 8));
    if (bit % 8 > 2) packed[byte + 1] = code >> (8 - (bit % 8));
  }
  return packed;
}

/** The bytes of a typed array, shared with it. */
export function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
