import { DTYPES, type DType } from '../../model';

/** The dtype that `TensorProto.DataType` numbers; `undefined` for codes newer than our schema. */
export function dtypeOf(code: number): DType {
  return DTYPES[code] ?? 'undefined';
}
