import { Schema, type SchemaOf } from '../../protobuf/schema';
import { ENUMS, MESSAGES } from './messages';
import type { ModelProto, TensorProto } from './onnx-ml_pb';

export { AttributeType, DataLocation } from './messages';

const schema = new Schema({ prefix: 'onnx.', messages: MESSAGES, enums: ENUMS });

/** What reading needs of ONNX's schema: made when first asked for, in a tenth of the time that its descriptors take. */
export function modelSchema(): SchemaOf<ModelProto> {
  return schema.message('ModelProto');
}

/** The same of a tensor. */
export function tensorSchema(): SchemaOf<TensorProto> {
  return schema.message('TensorProto');
}
