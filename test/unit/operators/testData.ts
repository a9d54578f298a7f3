import { fromBinary } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { dtypeOf } from '../../../src/formats/onnx/dtype';
import { packTyped } from '../../../src/formats/onnx/packTyped';
import { TensorProtoSchema } from '../../../src/formats/onnx/schema/onnx-ml_pb';
import type { ValueType } from '../../../src/model';
import { tensorFact } from '../../../src/operators/common/shapes';
import { decodeTensor } from '../../../src/operators/common/tensorData';
import type { Fact } from '../../../src/operators/rule';

/** The fact of a serialised TensorProto: dtype and shape, with elements where they are few and numeric. */
function tensorOf(bytes: Uint8Array): Fact {
  const proto = fromBinary(TensorProtoSchema, bytes);
  const dtype = dtypeOf(proto.dataType);
  const shape = proto.dims.map(Number);
  if (dtype === 'string') return tensorFact(dtype, shape);
  const data = proto.rawData.byteLength > 0 ? proto.rawData : packTyped(proto, dtype);
  return tensorFact(dtype, shape, decodeTensor({ name: '', dtype, shape, storage: { kind: 'inline', data } }));
}

/**
 * Messages inside a SequenceProto or OptionalProto (onnx-data.proto), whose
 * fields have the same numbers: 3 tensors, 5 sequences, 7 optionals.
 */
function partsOf(bytes: Uint8Array): readonly Uint8Array[] {
  const reader = new BinaryReader(bytes);
  const parts: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    if (wire === WireType.LengthDelimited && (field === 3 || field === 5 || field === 7)) parts.push(reader.bytes());
    else reader.skip(wire, field);
  }
  return parts;
}

/** What a backend test's `input_N.pb` or `output_N.pb` holds, read as the model declares it. */
export function readFact(bytes: Uint8Array, type: ValueType): Fact {
  switch (type.kind) {
    case 'tensor':
      return tensorOf(bytes);
    case 'sequence': {
      const elements = partsOf(bytes).map((part) => readFact(part, type.element));
      return { kind: 'sequence', element: elements[0] ?? { kind: 'unknown' }, elements };
    }
    case 'optional': {
      // Older test data hold the element itself, without an OptionalProto around it.
      const [part] = partsOf(bytes);
      return part ? { kind: 'optional', element: readFact(part, type.element), present: true } : emptyOptional(type);
    }
    default:
      throw new Error(`no reader for a ${type.kind}`);
  }
}

function emptyOptional(type: ValueType & { kind: 'optional' }): Fact {
  const element: Fact = type.element.kind === 'tensor' ? tensorFact(type.element.dtype, type.element.shape) : { kind: 'unknown' };
  return { kind: 'optional', element, present: false };
}
