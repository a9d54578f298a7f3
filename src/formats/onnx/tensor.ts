import { LIMITS } from '../../bytes';
import { byteLengthOf, type DType, elementCount, type SparseTensor, type Tensor, type TensorStorage } from '../../model';
import type { Located } from '../protobuf/located';
import { packedLength } from '../values/packEntries';
import type { Context } from './context';
import { dtypeOf } from './dtype';
import { packTyped, RAW_DATA, typedField } from './packTyped';
import { inPieces } from './pieces';
import { DataLocation } from './schema';
import type { SparseTensorProto, TensorProto } from './schema/onnx-ml_pb';
import { tensorLabel } from './tensors';

/** A tensor with its storage checked against its type and shape; what does not fit is a finding and `missing`. */
export function toTensor(proto: TensorProto, context: Context): Tensor {
  const dtype = dtypeOf(proto.dataType);
  if (proto.dims.length > LIMITS.rank) {
    const storage = wrong(proto, context, `has ${proto.dims.length} dimensions, and no tensor has more than ${LIMITS.rank}`);
    return { name: proto.name, dtype, shape: [], written: [`${proto.dims.length} dimensions`], storage };
  }
  const possible = proto.dims.every(isExtent);
  const shape = proto.dims.map(toExtent);
  const elements = possible ? elementCount(shape) : null;
  const storage =
    elements === null
      ? wrong(proto, context, `has the impossible shape [${proto.dims.join(', ')}]`)
      : toStorage(proto, dtype, elements, context);
  return { name: proto.name, dtype, shape, ...(possible ? {} : { written: proto.dims.map(String) }), storage };
}

/** No extent is negative, nor past what a number holds exactly. */
function isExtent(extent: bigint): boolean {
  return extent >= 0n && extent <= Number.MAX_SAFE_INTEGER;
}

function toExtent(extent: bigint): number {
  return isExtent(extent) ? Number(extent) : 0;
}

/** A tensor of COO form; a part that is not there is a finding and `missing`. */
export function toSparseTensor(proto: SparseTensorProto, context: Context): SparseTensor {
  const none: Tensor = {
    name: '',
    dtype: 'undefined',
    shape: [],
    storage: { kind: 'missing', reason: 'The sparse tensor has no such part.' },
  };
  const values = proto.values === undefined ? none : toTensor(proto.values, context);
  const indices = proto.indices === undefined ? none : toTensor(proto.indices, context);
  if (proto.values === undefined || proto.indices === undefined) {
    context.findings.error('tensor-data', `Sparse tensor "${values.name}" lacks its values or its indices.`);
  }
  return { name: values.name, shape: proto.dims.slice(0, LIMITS.rank).map(toExtent), values, indices };
}

function toStorage(proto: TensorProto, dtype: DType, elements: number, context: Context): TensorStorage {
  if (dtype === 'undefined') return wrong(proto, context, `has the element type ${proto.dataType}, which ONNX up to 1.23 does not define`);
  if (proto.segment !== undefined) return wrong(proto, context, 'is stored in segments, which ONNX no longer supports');
  const external = proto.dataLocation === DataLocation.EXTERNAL;
  if (external && dtype === 'string') return wrong(proto, context, 'holds strings in another file, which ONNX does not allow');
  const fetched = context.fetched.get(proto);
  if (fetched) return { kind: 'inline', data: fetched };
  if (external) return context.externals.storageOf(proto, dtype, elements);
  if (dtype === 'string') return stringStorage(proto, elements, context);
  const located = context.located(proto);
  const last = located.at(-1);
  if (last && inPieces(proto, located)) return wrong(proto, context, 'is stored in more pieces than can be put together');
  if (last) return locatedStorage(proto, last, dtype, elements, context);
  if (proto.rawData.length > 0) return inlineStorage(proto, proto.rawData, dtype, elements, context);
  return inlineStorage(proto, packTyped(proto, dtype), dtype, elements, context);
}

function inlineStorage(proto: TensorProto, data: Uint8Array, dtype: DType, elements: number, context: Context): TensorStorage {
  const expected = byteLengthOf(dtype, elements);
  if (data.length === 0 && expected > 0) return wrong(proto, context, 'has no values in the file');
  if (data.length !== expected) return wrong(proto, context, sizeProblem(data.length, expected));
  // A copy: the decoder returns views, which would keep the whole skeleton alive and be cloned with it.
  return { kind: 'inline', data: data.slice() };
}

function locatedStorage(proto: TensorProto, located: Located, dtype: DType, elements: number, context: Context): TensorStorage {
  const { offset, length } = located;
  if (located.field === RAW_DATA) {
    const expected = byteLengthOf(dtype, elements);
    return length === expected ? { kind: 'bytes', file: '', offset, length } : wrong(proto, context, sizeProblem(length, expected));
  }
  const field = typedField(located.field);
  if (field === null) return wrong(proto, context, 'holds its values in a field that is not known');
  const range = packedLength(field, dtype, elements);
  if (length < range.least || length > range.most)
    return wrong(proto, context, `has ${length} bytes of ${field}, which do not fit its shape`);
  return { kind: 'protobuf', field, offset, length };
}

function stringStorage(proto: TensorProto, elements: number, context: Context): TensorStorage {
  const located = context.located(proto);
  const [only] = located;
  if (located.length > 1) return wrong(proto, context, 'has its strings in several places of the file');
  if (only) return { kind: 'protobuf', field: 'string_data', offset: only.offset, length: only.length };
  if (proto.stringData.length !== elements) {
    return wrong(proto, context, `has ${proto.stringData.length} strings where its shape needs ${elements}`);
  }
  const bytes = proto.stringData.reduce((sum, text) => sum + text.length, 0);
  if (bytes > LIMITS.stringBytes) return { kind: 'missing', reason: `The strings take ${bytes} bytes, more than are kept.` };
  return { kind: 'strings', data: proto.stringData.map((text) => text.slice()) };
}

function sizeProblem(actual: number, expected: number): string {
  return `has ${actual} bytes of values where its type and shape need ${expected}`;
}

function wrong(proto: TensorProto, context: Context, what: string): TensorStorage {
  context.findings.error('tensor-data', `${tensorLabel(proto)} ${what}.`);
  return { kind: 'missing', reason: `The tensor ${what}.` };
}
