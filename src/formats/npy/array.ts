import { elementCount, formatShape, type StoredRange, type Tensor, type TensorStorage } from '../../model';
import type { FindingList } from '../findings';
import { type Leaf, leavesOf } from './elements';
import { type ArrayHeader, damaged } from './header';

/** Where an array's elements lie, and how many bytes there are from there to the end. */
export type ArrayPlace = Pick<StoredRange, 'file' | 'entry' | 'offset'> & { readonly available: number };

/** What was made of one array. */
export interface ReadArray {
  /** One, or one for each field of a structured type. */
  readonly tensors: readonly Tensor[];
  /** Bytes of its elements; `null` for a pickle, which is as long as it is. */
  readonly bytes: number | null;
}

/** An array's tensors; what is wrong with its elements is a finding. @throws FormatError where its type or shape makes no sense. */
export function readArray(name: string, header: ArrayHeader, place: ArrayPlace, findings: FindingList): ReadArray {
  const { descr, shape } = header;
  const known = leavesOf(descr);
  if (!known) throw damaged(`array "${name}" has elements of a type that is not known: ${describe(descr)}`, header.data);
  const { leaves, bytes: width } = known;
  const elements = elementCount(shape);
  const length = elements === null ? null : elementCount([elements, width]);
  if (length === null) throw damaged(`array "${name}" has a shape that no file can hold: ${formatShape(shape)}`, header.data);
  if (leaves.some(({ type }) => type.pickle)) {
    findings.warn(
      'npy-objects',
      `Array "${name}" holds Python objects as a pickle. Nothing of it was executed, and its values are not shown.`,
    );
    return { tensors: leaves.map((leaf) => tensorOf(name, header, leaf, missing(leaf.type.missing ?? ''))), bytes: null };
  }
  if (length > place.available) {
    const reason = `Array "${name}" needs ${length} bytes from byte ${place.offset}, and ${place.available} are there; the file is cut short.`;
    findings.error('npy-truncated', reason);
    return { tensors: leaves.map((leaf) => tensorOf(name, header, leaf, missing(reason))), bytes: null };
  }
  for (const { path, type } of leaves)
    if (type.note !== undefined) findings.warn('npy-type', `Array "${[name, ...path].join('.')}" ${type.note}.`);
  return { tensors: leaves.map((leaf) => tensorOf(name, header, leaf, storageOf(header, leaf, width, place, length))), bytes: length };
}

function tensorOf(name: string, { shape }: ArrayHeader, leaf: Leaf, storage: TensorStorage): Tensor {
  return { name: [name, ...leaf.path].join('.'), dtype: leaf.type.dtype, shape: [...shape, ...leaf.shape], storage };
}

/** Elements packed in row-major order are read as they are; in Fortran's order, or as fields, they are a view. */
function storageOf({ shape, fortran }: ArrayHeader, leaf: Leaf, width: number, place: ArrayPlace, length: number): TensorStorage {
  const { type } = leaf;
  const range = { file: place.file, offset: place.offset, length, ...(place.entry && { entry: place.entry }) };
  if (type.missing !== undefined) return missing(type.missing);
  const turned = fortran && shape.filter((extent) => extent > 1).length > 1;
  if (type.codec !== undefined) {
    const plain = !turned && leaf.path.length === 0;
    return plain
      ? { kind: 'encoded', codec: type.codec, ...range }
      : missing('Long doubles are read only as a plain array in row-major order.');
  }
  const order = type.bigEndian && type.bytes > 1 ? ({ bigEndian: true } as const) : {};
  if (!turned && leaf.path.length === 0) return { kind: 'bytes', ...range, ...order };
  if (width % type.bytes !== 0 || leaf.offset % type.bytes !== 0) {
    return missing(`Its elements lie at odd places of a structure of ${width} bytes, which cannot be read.`);
  }
  const step = width / type.bytes;
  const strides = [...(fortran ? columnMajor(shape) : rowMajor(shape)).map((stride) => stride * step), ...rowMajor(leaf.shape)];
  return { kind: 'strided', ...range, ...order, start: leaf.offset / type.bytes, strides };
}

function missing(reason: string): TensorStorage {
  return { kind: 'missing', reason };
}

function rowMajor(shape: readonly number[]): readonly number[] {
  return [...columnMajor([...shape].reverse())].reverse();
}

function columnMajor(shape: readonly number[]): readonly number[] {
  let step = 1;
  return shape.map((extent) => {
    const stride = step;
    step *= extent;
    return stride;
  });
}

/** A type for a sentence, no longer than one. */
function describe(value: unknown): string {
  return JSON.stringify(value, (_, part) => (part instanceof Map ? '{...}' : part)).slice(0, 80);
}
