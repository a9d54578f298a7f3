import { create } from '@bufbuild/protobuf';
import { type Dim, type DType, ONNX_DTYPES, type Shape, type ValueType } from '../../../model';
import { type TensorShapeProto, TensorShapeProtoSchema, type TypeProto, TypeProtoSchema } from '../schema/onnx-ml_pb';

/** The number of a dtype in `TensorProto.DataType`. @throws RangeError for one that ONNX does not have. */
export function codeOf(dtype: DType): number {
  const code = (ONNX_DTYPES as readonly DType[]).indexOf(dtype);
  if (code < 0) throw new RangeError(`ONNX has no element type ${dtype}`);
  return code;
}

/** `undefined` for a value whose type is not known, which ONNX leaves out. */
export function fromValueType(type: ValueType): TypeProto | undefined {
  switch (type.kind) {
    case 'tensor':
      return create(TypeProtoSchema, { value: { case: 'tensorType', value: tensorType(type.dtype, type.shape) } });
    case 'sparse':
      return create(TypeProtoSchema, { value: { case: 'sparseTensorType', value: tensorType(type.dtype, type.shape) } });
    case 'sequence':
      return create(TypeProtoSchema, { value: { case: 'sequenceType', value: elementOf(type.element) } });
    case 'optional':
      return create(TypeProtoSchema, { value: { case: 'optionalType', value: elementOf(type.element) } });
    case 'map': {
      const valueType = fromValueType(type.element);
      return create(TypeProtoSchema, {
        value: { case: 'mapType', value: { keyType: codeOf(type.key), ...(valueType ? { valueType } : {}) } },
      });
    }
    case 'unknown':
      return undefined;
    default:
      return type satisfies never;
  }
}

function elementOf(element: ValueType) {
  const elemType = fromValueType(element);
  return elemType ? { elemType } : {};
}

function tensorType(dtype: DType, shape: Shape | null) {
  return { elemType: codeOf(dtype), ...(shape === null ? {} : { shape: fromShape(shape) }) };
}

function fromShape(shape: Shape): TensorShapeProto {
  return create(TensorShapeProtoSchema, { dim: shape.map(fromDim) });
}

function fromDim(dim: Dim) {
  if (dim === null) return {};
  return typeof dim === 'string'
    ? { value: { case: 'dimParam' as const, value: dim } }
    : { value: { case: 'dimValue' as const, value: BigInt(dim) } };
}
