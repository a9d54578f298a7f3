import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import * as ort from 'onnxruntime-node';
import { chooseBindings } from '../../src/analysis/bindings';
import { factOfType } from '../../src/analysis/shapes/facts';
import { UserError } from '../../src/bytes';
import { dtypeOf } from '../../src/formats/onnx/dtype';
import { packTyped } from '../../src/formats/onnx/packTyped';
import { TensorProtoSchema } from '../../src/formats/onnx/schema/onnx-ml_pb';
import { type DType, graphInputs, type Model } from '../../src/model';
import { sampleInputs } from '../../src/runtime/sampleInputs';

export interface Feed {
  readonly name: string;
  readonly shape: readonly number[];
  readonly tensor: ort.Tensor;
}

/** What to run a model on: the inputs that lie beside it, as ONNX's own tests have them, else made-up ones. */
export function feedsOf(path: string, model: Model): readonly Feed[] {
  const folder = join(dirname(path), 'test_data_set_0');
  const inputs = graphInputs(model.graph);
  const { numbers } = chooseBindings(model);
  return inputs.map(({ name, type }, at) => {
    const file = join(folder, `input_${at}.pb`);
    if (type.kind !== 'tensor') throw new UserError(`input of kind ${type.kind}`);
    if (existsSync(file)) return { name, ...readTensor(readFileSync(file)) };
    const fact = factOfType(type, numbers);
    const sample = sampleInputs([{ name, dtype: type.dtype, shape: fact.kind === 'tensor' ? fact.shape : null }])[name];
    if (!sample) throw new UserError(`no sample of ${type.dtype}`);
    const { dtype, shape, data } = sample;
    return { name, shape, tensor: new ort.Tensor(dtype as ort.Tensor.Type, data as Float32Array, shape) };
  });
}

const ARRAYS: Readonly<Partial<Record<DType, (bytes: ArrayBuffer) => ort.Tensor.DataType>>> = {
  float32: (bytes) => new Float32Array(bytes),
  float64: (bytes) => new Float64Array(bytes),
  float16: (bytes) => new Uint16Array(bytes),
  int8: (bytes) => new Int8Array(bytes),
  uint8: (bytes) => new Uint8Array(bytes),
  bool: (bytes) => new Uint8Array(bytes),
  int16: (bytes) => new Int16Array(bytes),
  uint16: (bytes) => new Uint16Array(bytes),
  int32: (bytes) => new Int32Array(bytes),
  uint32: (bytes) => new Uint32Array(bytes),
  int64: (bytes) => new BigInt64Array(bytes),
  uint64: (bytes) => new BigUint64Array(bytes),
};

function readTensor(bytes: Uint8Array): Omit<Feed, 'name'> {
  const proto = fromBinary(TensorProtoSchema, bytes);
  const dtype = dtypeOf(proto.dataType);
  const shape = proto.dims.map(Number);
  if (dtype === 'string') {
    const texts = proto.stringData.map((text) => new TextDecoder().decode(text));
    return { shape, tensor: new ort.Tensor('string', texts, shape) };
  }
  const array = ARRAYS[dtype];
  if (!array) throw new UserError(`no values of type ${dtype}`);
  const packed = proto.rawData.byteLength > 0 ? proto.rawData : packTyped(proto, dtype);
  // A copy: a view into Node's pool of buffers has others' bytes around it.
  const data = array(Uint8Array.from(packed).buffer);
  return { shape, tensor: new ort.Tensor(dtype as ort.Tensor.Type, data as Float32Array, shape) };
}
