import type { Dim, Shape, Value, ValueType } from '../../model';
import { dtypeOf } from './dtype';
import { propertiesOf } from './properties';
import type { TensorShapeProto, TensorShapeProto_Dimension, TypeProto, ValueInfoProto } from './schema/onnx-ml_pb';

/** A declared value; a type that the file leaves out is `unknown`. */
export function toValue(proto: ValueInfoProto): Value {
  return {
    name: proto.name,
    type: toValueType(proto.type),
    ...(proto.docString === '' ? {} : { doc: proto.docString }),
    ...propertiesOf(proto.metadataProps),
  };
}

/** Opaque types and types left out are `unknown`. */
export function toValueType(proto: TypeProto | undefined): ValueType {
  const type = proto?.value;
  switch (type?.case) {
    case 'tensorType':
      return { kind: 'tensor', dtype: dtypeOf(type.value.elemType), shape: toShape(type.value.shape) };
    case 'sparseTensorType':
      return { kind: 'sparse', dtype: dtypeOf(type.value.elemType), shape: toShape(type.value.shape) };
    case 'sequenceType':
      return { kind: 'sequence', element: toValueType(type.value.elemType) };
    case 'optionalType':
      return { kind: 'optional', element: toValueType(type.value.elemType) };
    case 'mapType':
      return { kind: 'map', key: dtypeOf(type.value.keyType), element: toValueType(type.value.valueType) };
    default:
      return { kind: 'unknown' };
  }
}

function toShape(proto: TensorShapeProto | undefined): Shape | null {
  return proto === undefined ? null : proto.dim.map(toDim);
}

/** Some exporters write -1 for an unknown extent; no extent is negative, nor past what a number holds exactly. */
function toDim({ value }: TensorShapeProto_Dimension): Dim {
  if (value.case === 'dimParam') return value.value === '' ? null : value.value;
  if (value.case !== 'dimValue') return null;
  const extent = Number(value.value);
  return extent >= 0 && Number.isSafeInteger(extent) ? extent : null;
}
