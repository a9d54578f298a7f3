import type { Layer } from './layer';
import type { Module } from './tree';

/**
 * A layer as PyTorch code would make it, as far as its tensors tell: `Linear(768, 3072)`. What no tensor holds (strides,
 * padding, groups, heads) is left out, or `...` where PyTorch asks for it. `''` for a module that is no such layer.
 * `dimensions` are those of the network's pictures, which batch normalisation needs.
 */
export function layerText({ layer, kind }: Pick<Module, 'layer' | 'kind'>, dimensions: number): string {
  switch (layer?.op) {
    case 'linear':
      if (!layer.bias && (kind === 'embedding' || kind === 'position')) return `Embedding(${layer.outputs}, ${layer.inputs})`;
      return `Linear(${layer.inputs}, ${layer.outputs}${bias(layer.bias)})`;
    case 'convolution':
      return convolution(layer);
    case 'batchNorm':
      return `BatchNorm${Math.max(1, dimensions)}d(${layer.features}${layer.affine ? '' : ', affine=False'})`;
    case 'norm':
      if (kind !== 'normalization') return '';
      return layer.bias ? `LayerNorm(${layer.features})` : `RMSNorm(${layer.features})`;
    case 'multiheadAttention':
      return `MultiheadAttention(${layer.features}, num_heads=...${bias(layer.bias)})`;
    case 'recurrent':
      return recurrent(layer);
    default:
      return '';
  }
}

function bias(has: boolean): string {
  return has ? '' : ', bias=False';
}

function convolution({ inputs, outputs, kernel, depthwise, bias: has, layout }: Extract<Layer, { readonly op: 'convolution' }>): string {
  const window = `kernel_size=(${kernel.join(', ')}${kernel.length === 1 ? ',' : ''})`;
  // A torch kernel names the channels of one group; those of a depthwise one are as many as its outputs, or a divisor.
  const channels = depthwise && layout === 'torch' ? outputs : inputs;
  return `Conv${kernel.length}d(${channels}, ${outputs}, ${window}${depthwise ? `, groups=${channels}` : ''}${bias(has)})`;
}

const RECURRENT: Readonly<Record<number, string>> = { 1: 'RNN', 3: 'GRU', 4: 'LSTM' };

function recurrent({ inputs, hidden, gates, layers, bias: has, bidirectional }: Extract<Layer, { readonly op: 'recurrent' }>): string {
  const more = `${layers > 1 ? `, num_layers=${layers}` : ''}${bias(has)}${bidirectional ? ', bidirectional=True' : ''}`;
  return `${RECURRENT[gates] ?? 'RNNBase'}(${inputs}, ${hidden}${more})`;
}
