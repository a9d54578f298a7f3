import { create } from '@bufbuild/protobuf';
import { byteLengthOf, type SparseTensor, type Tensor } from '../../../model';
import {
  type SparseTensorProto,
  SparseTensorProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProtoSchema,
} from '../schema/onnx-ml_pb';
import { properties } from './properties';
import { codeOf } from './valueType';

/** Packed little-endian elements of a tensor whose values are not inline, or `null` to leave them out. */
export type WeightBytes = (tensor: Tensor) => Uint8Array | null;

/** Where tensors without values point: a file that is not written, so that a reader says what is missing. */
export const ABSENT_FILE = 'weights.absent';

/** A tensor as `TensorProto`: inline values as `raw_data`, strings as such, the rest by `weights` or as absent external data. */
export function fromTensor(tensor: Tensor, weights: WeightBytes): TensorProto {
  const base = { name: tensor.name, dataType: codeOf(tensor.dtype), dims: tensor.shape.map(BigInt) };
  if (tensor.storage.kind === 'strings') return create(TensorProtoSchema, { ...base, stringData: [...tensor.storage.data] });
  const rawData = tensor.storage.kind === 'inline' ? tensor.storage.data : weights(tensor);
  if (rawData !== null) return create(TensorProtoSchema, { ...base, rawData });
  const elements = tensor.shape.reduce((product, extent) => product * extent, 1);
  return create(TensorProtoSchema, {
    ...base,
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: properties({ location: ABSENT_FILE, offset: '0', length: String(byteLengthOf(tensor.dtype, elements)) }),
  });
}

/** A tensor of COO form; its name is its values' name. */
export function fromSparseTensor(tensor: SparseTensor, weights: WeightBytes): SparseTensorProto {
  return create(SparseTensorProtoSchema, {
    values: fromTensor({ ...tensor.values, name: tensor.name }, weights),
    indices: fromTensor(tensor.indices, weights),
    dims: tensor.shape.map(BigInt),
  });
}
