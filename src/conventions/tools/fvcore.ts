import { type Layer, volume } from '../layers';
import { addTo, type Part, type Parts } from '../types';
import { partOf, type Tool } from './tool';

/** `_DEFAULT_SUPPORTED_OPS` of `fvcore/nn/flop_count.py`: what it adds for a traced operator. */
function traced(layer: Layer): readonly [Part, bigint] | null {
  const { kind, input, output, operands, weights, macs } = layer;
  switch (kind) {
    case 'convolution':
      // A padding in words ('same') is traced as another operator, which it does not know.
      return layer.overload === 'padding' ? null : [kind, macs];
    case 'linear':
      return [kind, macs];
    case 'product': {
      const [left = [], right = []] = operands;
      const part = partOf(kind, layer.attends);
      return [part, layer.call === 'einsum' ? macs : layer.call === 'baddbmm' ? 0n : volume(left) * BigInt(right.at(-1) ?? 1)];
    }
    case 'batchNorm':
      return ['batchNorm', 2n * volume(input)];
    case 'layerNorm':
      return ['layerNorm', (weights > 0n ? 5n : 4n) * volume(input)];
    case 'groupNorm':
    case 'instanceNorm':
      return ['otherNorm', (weights > 0n ? 5n : 4n) * volume(input)];
    case 'averageAll':
      return input.length === 4 ? ['pooling', volume(input)] : null;
    case 'resize':
      if (output.length !== 4 || layer.detail === 'cubic') return null;
      return ['resize', (layer.detail === 'linear' ? 4n : 1n) * volume(output)];
    default:
      return null;
  }
}

/** fvcore: https://github.com/facebookresearch/fvcore (Apache-2.0). */
export const FVCORE: Tool = {
  name: 'fvcore',
  version: '0.1.5',
  call: 'fvcore.nn.FlopCountAnalysis(model, image).total()',
  unit: 'FLOPs',
  perMac: 1n,
  readsGraph: false,
  count: ({ layers }) => {
    const parts: Parts = new Map();
    for (const layer of layers.list) {
      const found = traced(layer);
      if (found) addTo(parts, found[0], found[1] * layer.times);
    }
    return parts;
  },
  parameters: () => null,
  why: {
    convolution: "Convolutions whose padding is a word ('same') are operators that it does not know.",
    attention: 'Attention in one call (scaled_dot_product_attention) is an operator that it does not know: both products are left out.',
    product: 'It multiplies all elements of the left operand by the columns of the right one.',
    recurrent: 'Recurrent layers are operators that it does not know.',
    batchNorm: 'It adds 2 operations an element for BatchNorm.',
    layerNorm: 'It adds 5 operations an element for LayerNorm (4 without scale).',
    otherNorm: 'It adds 5 operations an element for GroupNorm and InstanceNorm (4 without scale).',
    pooling: 'It adds 1 operation an input element for adaptive average pooling; other pooling is left out.',
    resize: 'It adds 1 operation an output element for nearest, 4 for bilinear interpolation.',
  },
  parametersWhy: '',
};
