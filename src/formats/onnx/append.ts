import { create, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from './schema/onnx-ml_pb';

/**
 * Bytes that, put behind an ONNX file's own, make these intermediate values outputs of its main graph: protobuf merges
 * a top-level field that comes twice, and appends to its lists. The values stay without a declared type, which ONNX
 * Runtime infers.
 */
export function appendOutputs(names: readonly string[]): Uint8Array {
  if (names.length === 0) return new Uint8Array(0);
  const message = create(ModelProtoSchema, { graph: { output: names.map((name) => ({ name })) } });
  return toBinary(ModelProtoSchema, message);
}
