import type { Format } from '../format';
import { readOnnx } from './read';

/** ONNX has no magic bytes: a file is tried as ONNX for its name, and for being nothing else that we recognise. */
export const onnx: Format = {
  id: 'onnx',
  extensions: ['.onnx'],
  matches: () => false,
  open: readOnnx,
};
