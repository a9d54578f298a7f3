import { LIMITS } from '../../bytes';
import type { CountLimit, DecodeLimits } from '../protobuf/tally';

type Counted = 'nodes' | 'values' | 'tensors' | 'attributes' | 'messages' | 'elements' | 'textBytes';

function limit(name: Counted, what: string): CountLimit {
  return { name, most: LIMITS[name], what };
}

/** What one ONNX file may hold, whatever its bytes. */
export const ONNX_LIMITS: DecodeLimits = {
  of: new Map([
    ['onnx.NodeProto', limit('nodes', 'operators')],
    ['onnx.ValueInfoProto', limit('values', 'declared values')],
    ['onnx.TensorProto', limit('tensors', 'tensors')],
    ['onnx.AttributeProto', limit('attributes', 'attributes')],
  ]),
  messages: limit('messages', 'entries of any kind (operators, attributes, dimensions, metadata)'),
  elements: limit('elements', 'elements in lists of its attributes, shapes and names'),
  text: limit('textBytes', 'bytes of names and other text'),
};
