import { UserError } from '../../bytes';
import { bitsOf, byteLengthOf, type DType, elementCount, formatShape } from '../../model';
import { nameOfDtype } from './dtypes';

/** A tensor to be written: its packed little-endian elements come in pieces when it is its turn. */
export interface WrittenTensor {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly pieces: () => AsyncIterable<Uint8Array>;
}

/** Types whose integers are stored under a plain type's name: what they stand for, no safetensors file tells. */
const STORED_AS: Readonly<Partial<Record<DType, DType>>> = { qint8: 'int8', quint8: 'uint8', qint32: 'int32' };

/**
 * A safetensors file, piece after piece. Tensors with the widest elements come first, so that each begins at a multiple
 * of its elements' size, as the library itself writes them.
 * @throws UserError for a tensor that the format cannot hold.
 */
export async function* writeSafetensors(
  tensors: readonly WrittenTensor[],
  metadata: Readonly<Record<string, string>> = {},
): AsyncGenerator<Uint8Array> {
  const ordered = tensors
    .map((tensor) => ({ ...tensor, dtype: STORED_AS[tensor.dtype] ?? tensor.dtype }))
    .sort((a, b) => bitsOf(b.dtype) - bitsOf(a.dtype) || (a.name < b.name ? -1 : Number(a.name > b.name)));
  const entries: [string, unknown][] = Object.keys(metadata).length > 0 ? [['__metadata__', metadata]] : [];
  let offset = 0;
  for (const { name, dtype, shape } of ordered) {
    const length = lengthOf({ name, dtype, shape });
    entries.push([name, { dtype: nameOfDtype(dtype), shape, data_offsets: [offset, offset + length] }]);
    offset += length;
  }
  yield headerOf(entries);
  for (const tensor of ordered) {
    let written = 0;
    for await (const piece of tensor.pieces()) {
      written += piece.length;
      yield piece;
    }
    if (written !== lengthOf(tensor))
      throw new UserError(`Tensor "${tensor.name}" gave ${written} bytes where its shape needs ${lengthOf(tensor)}.`);
  }
}

function lengthOf({ name, dtype, shape }: Pick<WrittenTensor, 'name' | 'dtype' | 'shape'>): number {
  const elements = elementCount(shape);
  if (name === '__metadata__' || nameOfDtype(dtype) === undefined || elements === null || (elements * bitsOf(dtype)) % 8 !== 0) {
    throw new UserError(`Tensor "${name}" (${dtype} ${formatShape(shape)}) cannot be stored as safetensors.`);
  }
  return byteLengthOf(dtype, elements);
}

/** The length and the JSON, filled up with spaces so that the tensors begin at a multiple of 8. */
function headerOf(entries: readonly [string, unknown][]): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const length = Math.ceil(text.length / 8) * 8;
  const header = new Uint8Array(8 + length).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(text, 8);
  return header;
}
