import type { DType, PackedField } from '../../model';
import { bytesOf, packInt32 } from '../values/packEntries';
import type { TensorProto } from './schema/onnx-ml_pb';

/** Field numbers of TensorProto. */
export const RAW_DATA = 9;
/** Field number of TensorProto's strings. */
export const STRING_DATA = 6;

const TYPED_FIELDS: Readonly<Record<number, PackedField>> = {
  4: 'float_data',
  5: 'int32_data',
  6: 'string_data',
  7: 'int64_data',
  10: 'double_data',
  11: 'uint64_data',
};

/** TensorProto's typed field of this number, or `null`. */
export function typedField(number: number): PackedField | null {
  return TYPED_FIELDS[number] ?? null;
}

/** A typed field's entries as packed little-endian elements, the form `raw_data` has. */
export function packTyped(proto: TensorProto, dtype: DType): Uint8Array {
  if (proto.floatData.length > 0) return bytesOf(Float32Array.from(proto.floatData));
  if (proto.doubleData.length > 0) return bytesOf(Float64Array.from(proto.doubleData));
  if (proto.int64Data.length > 0) return bytesOf(BigInt64Array.from(proto.int64Data));
  if (proto.uint64Data.length > 0) {
    return dtype === 'uint32' ? bytesOf(Uint32Array.from(proto.uint64Data, Number)) : bytesOf(BigUint64Array.from(proto.uint64Data));
  }
  return packInt32(proto.int32Data, dtype);
}
