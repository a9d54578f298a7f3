import { type Layer, volume } from '../layers';
import { addTo, type Parts } from '../types';
import { CLASSES, isOf } from './classes';
import { storedIn, type Tool } from './tool';

/** `calculate_upsample`: operations an output element, by how it interpolates. */
const UPSAMPLE: ReadonlyMap<string, bigint> = new Map([
  ['nearest', 1n],
  ['linear', 11n],
  ['cubic', 259n],
]);

/** `count_adap_avgpool`: each output element sums the positions of its part of the input, and divides. */
function adaptive({ input, output }: Layer): bigint {
  const [from, to] = [input.slice(2), output.length > 2 ? output.slice(2) : input.slice(2).map(() => 1)];
  const channels = volume(input.slice(0, 2));
  return (channels * volume(to) * (volume(from) + volume(to))) / (volume(to) || 1n);
}

/** The modules that thop hooks, and their operations (`thop/vision/basic_hooks.py`). */
function hooked(layer: Layer): bigint | null {
  const { kind, output, input, weight, weights, macs } = layer;
  switch (kind) {
    case 'convolution': {
      if (!isOf(layer, CLASSES.convolution)) return null;
      if (!layer.transposed) return macs;
      // Its rule for convolutions is used for transposed ones too.
      return volume(output) * BigInt(input[1] ?? 0) * volume(weight.slice(2));
    }
    case 'linear':
      return isOf(layer, CLASSES.linear) ? macs : null;
    case 'batchNorm':
      return isOf(layer, [...CLASSES.batchNorm, ...CLASSES.syncBatchNorm]) ? 4n * volume(input) : null;
    case 'layerNorm':
      return isOf(layer, CLASSES.layerNorm) ? (weights > 0n ? 4n : 2n) * volume(input) : null;
    case 'instanceNorm':
      return isOf(layer, CLASSES.instanceNorm) ? (weights > 0n ? 4n : 2n) * volume(input) : null;
    case 'softmax': {
      if (!isOf(layer, CLASSES.softmax, false)) return null;
      const features = BigInt(input.at(-1) ?? 1);
      return features === 0n ? 0n : (volume(input) / features) * (3n * features - 1n);
    }
    case 'averagePool':
      return isOf(layer, CLASSES.averagePool) ? volume(output) : null;
    case 'averageAll':
      return isOf(layer, CLASSES.averageAll) ? adaptive(layer) : null;
    case 'resize':
      return isOf(layer, CLASSES.upsample, false) ? (UPSAMPLE.get(layer.detail) ?? 0n) * volume(output) : null;
    case 'activation':
      return layer.detail === 'prelu' && isOf(layer, CLASSES.prelu) ? volume(input) : null;
    default:
      return null;
  }
}

function partOfLayer({ kind }: Layer): Parameters<typeof addTo>[1] {
  switch (kind) {
    case 'convolution':
    case 'linear':
    case 'batchNorm':
    case 'layerNorm':
    case 'softmax':
    case 'activation':
    case 'resize':
      return kind;
    case 'instanceNorm':
      return 'otherNorm';
    default:
      return 'pooling';
  }
}

/** thop, also called pytorch-OpCounter: https://github.com/Lyken17/pytorch-OpCounter (MIT). */
export const THOP: Tool = {
  name: 'thop',
  version: '0.1.1',
  call: 'thop.profile(model, inputs=(image,))',
  unit: 'MACs',
  perMac: 1n,
  readsGraph: false,
  count: ({ layers }) => {
    const parts: Parts = new Map();
    for (const layer of layers.list) addTo(parts, partOfLayer(layer), (hooked(layer) ?? 0n) * layer.times * layer.names);
    return parts;
  },
  parameters: ({ layers }) => storedIn(layers.list.filter((layer) => hooked(layer) !== null)),
  why: {
    convolution:
      'It counts modules of the classes Conv1d to ConvTranspose3d alone, none derived from them, transposed ones by their output, and shared ones under each of their names.',
    linear: 'It counts modules of the class Linear alone; products made by a function are left out.',
    attention: 'Products of queries, keys and values are no modules, and left out.',
    product: 'Products that are no modules are left out.',
    batchNorm: 'It adds 4 operations an element for BatchNorm (2 without scale), modules of that very class alone.',
    layerNorm: 'It adds 4 operations an element for LayerNorm (2 without scale), modules of that very class alone.',
    softmax: 'It adds 3 operations an element less 1 a row for modules of the class Softmax.',
    pooling: 'It adds an operation an output element of average pooling, one an input element where it is adaptive.',
    resize: 'It adds operations for modules of the class Upsample.',
  },
  parametersWhy:
    'It counts parameters of the modules it has a rule for: position tables, class tokens and modules of other classes are left out.',
};
