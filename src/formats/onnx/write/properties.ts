import { create } from '@bufbuild/protobuf';
import { type StringStringEntryProto, StringStringEntryProtoSchema } from '../schema/onnx-ml_pb';

/** A record as ONNX's list of entries, in the record's order. */
export function properties(record: Readonly<Record<string, string>> = {}): StringStringEntryProto[] {
  return Object.entries(record).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value }));
}
