import { UserError } from '../../bytes';
import type { DType, Tensor } from '../../model';
import { decodeElements } from '../values/decode';
import { packedChunks, type TensorFiles } from '../values/packedChunks';

/** NumPy's names of element types; those that NumPy has no type for are written as one that holds them exactly. */
const DESCRIPTIONS: Readonly<Partial<Record<DType, string>>> = {
  bool: '|b1',
  uint8: '|u1',
  int8: '|i1',
  uint16: '<u2',
  int16: '<i2',
  uint32: '<u4',
  int32: '<i4',
  uint64: '<u8',
  int64: '<i8',
  float16: '<f2',
  float32: '<f4',
  float64: '<f8',
  complex64: '<c8',
  complex128: '<c16',
  qint8: '|i1',
  quint8: '|u1',
  qint32: '<i4',
};
const WIDENED: Readonly<Partial<Record<DType, string>>> = {
  uint4: '|u1',
  uint2: '|u1',
  quint4: '|u1',
  quint2: '|u1',
  bool1: '|u1',
  int4: '|i1',
  int2: '|i1',
  complex32: '<c8',
};

/**
 * A tensor as NumPy's format 1.0 (numpy.lib.format), piece after piece. bfloat16 and smaller floats become float32,
 * integers of fewer than 8 bits bytes; each keeps its exact value.
 * @throws UserError for strings, and where the values cannot be had.
 */
export async function* writeNpy(tensor: Tensor, files: TensorFiles, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const { dtype, shape } = tensor;
  if (dtype === 'string' || dtype === 'undefined') throw new UserError(`Tensor "${tensor.name}" holds no numbers.`);
  const description = DESCRIPTIONS[dtype];
  yield headerOf(description ?? WIDENED[dtype] ?? '<f4', shape);
  for await (const { bytes, elements } of packedChunks(tensor, files, signal)) {
    if (description !== undefined) yield bytes;
    else {
      const wide = decodeElements(dtype, bytes, elements);
      yield new Uint8Array(wide.buffer, wide.byteOffset, wide.byteLength);
    }
  }
}

/** Magic, version, length and a Python literal, filled up so that the elements begin at a multiple of 64. */
function headerOf(description: string, shape: readonly number[]): Uint8Array {
  const extents = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const literal = `{'descr': '${description}', 'fortran_order': False, 'shape': (${extents}), }`;
  const length = Math.ceil((10 + literal.length + 1) / 64) * 64 - 10;
  const header = new Uint8Array(10 + length).fill(0x20);
  header.set([0x93, ...[...'NUMPY'].map((letter) => letter.charCodeAt(0)), 1, 0, length & 255, length >> 8]);
  header.set(new TextEncoder().encode(literal), 10);
  header[header.length - 1] = 0x0a;
  return header;
}
