import { type DType, ONNX_DTYPES } from '../../model';

/** The dtype that `TensorProto.DataType` numbers; `undefined` for codes newer than our schema. */
export function dtypeOf(code: number): DType {
  return ONNX_DTYPES[code] ?? 'undefined';
}
