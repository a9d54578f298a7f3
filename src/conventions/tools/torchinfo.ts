import { FUNCTION, type Layer, OWN } from '../layers';
import { addTo, type Part, type Parts } from '../types';
import { positions, type Tool } from './tool';

/** Layers whose weights a module of their own holds, called `weight` and `bias`. */
const PARTS: ReadonlyMap<string, Part> = new Map([
  ['convolution', 'convolution'],
  ['linear', 'linear'],
  ['batchNorm', 'batchNorm'],
  ['layerNorm', 'layerNorm'],
  ['groupNorm', 'otherNorm'],
  ['instanceNorm', 'otherNorm'],
  ['rmsNorm', 'otherNorm'],
  ['embedding', 'embedding'],
]);
/** timm's normalisations with an activation inside: modules with modules inside. */
const HOLDS_OTHERS = /(?:^|\.)norm_act\./;

/** `LayerInfo.calculate_macs`: weights times positions for classes with "Conv" in their name, weights times the batch for all others. */
function count(layer: Layer): bigint {
  const { kind, module, leaf, output, weights, bias } = layer;
  if (module === FUNCTION || !leaf || HOLDS_OTHERS.test(module)) return 0n;
  const name = module.slice(module.lastIndexOf('.') + 1);
  const isConvolution = module.startsWith('torch.') || module === '' || module === OWN ? kind === 'convolution' : name.includes('Conv');
  return (weights + bias) * (isConvolution ? positions(output) : BigInt(output[0] ?? 1));
}

/** torchinfo: https://github.com/TylerYep/torchinfo (MIT). */
export const TORCHINFO: Tool = {
  name: 'torchinfo',
  version: '1.8.0',
  call: 'torchinfo.summary(model, input_data=image)',
  unit: 'mult-adds',
  perMac: 1n,
  readsGraph: false,
  count: ({ layers }) => {
    const parts: Parts = new Map();
    for (const layer of layers.list) {
      const part = PARTS.get(layer.kind);
      if (part) addTo(parts, part, count(layer) * layer.times);
    }
    return parts;
  },
  parameters: () => null,
  why: {
    convolution:
      'It multiplies kernel and bias by the positions; convolutions whose class has no "Conv" in its name, or that are functions, are left out.',
    linear: 'It multiplies weights and bias of a Linear by the batch alone, however many tokens it runs on.',
    attention: 'Products of queries, keys and values have no weights, and are left out.',
    product: 'Products without weights are left out.',
    batchNorm: 'It adds scale and shift, times the batch, for normalisations that are modules without modules inside.',
    layerNorm: 'It adds scale and shift, times the batch.',
    otherNorm: 'It adds scale and shift, times the batch.',
    embedding: 'It multiplies a table of embeddings by the batch.',
  },
  parametersWhy: '',
};
