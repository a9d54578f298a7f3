import type { Fact } from '../family';
import { kernelPads } from '../layers';
import type { LayerName, SequenceOptions } from './network';
import { stepsBefore } from './truncated';

/** Several layers of one kind over a sequence of `length` steps. */
export interface StackOptions extends SequenceOptions {
  readonly layers: number;
  readonly length: number;
}

/** MACs of one layer of n steps of width d, with what the published order leaves out. */
const MACS: Readonly<Record<LayerName, string>> = {
  'self-attention': '4 n d^2 + 2 n^2 d',
  'truncated self-attention': '4 n d^2 + 2 n r d',
  LSTM: '8 n d^2',
  GRU: '6 n d^2',
  RNN: '2 n d^2',
  '1-D convolution': 'k n d^2',
  'depthwise convolution': 'k n d',
  'lightweight convolution': 'k n d',
  'dynamic convolution': 'k n d + n d H k',
};
const WEIGHTS: Readonly<Record<LayerName, string>> = {
  'self-attention': '4 d^2',
  'truncated self-attention': '4 d^2',
  LSTM: '8 d^2, and 8 d with biases',
  GRU: '6 d^2, and 6 d with biases',
  RNN: '2 d^2, and 2 d with biases',
  '1-D convolution': 'k d^2',
  'depthwise convolution': 'k d',
  'lightweight convolution': 'H k',
  'dynamic convolution': 'd H k',
};
const ORDERS: Readonly<Record<LayerName, string>> = {
  'self-attention': 'O(n^2 d)',
  'truncated self-attention': 'O(r n d)',
  LSTM: 'O(n d^2)',
  GRU: 'O(n d^2)',
  RNN: 'O(n d^2)',
  '1-D convolution': 'O(k n d^2)',
  'depthwise convolution': 'O(k n d)',
  'lightweight convolution': 'O(k n d)',
  'dynamic convolution': 'O(H k n d)',
};

/** What a profile does not show: formulas, sequential steps, path length, receptive field. */
export function factsOf(options: StackOptions): readonly Fact[] {
  const { layer, layers, length } = options;
  const recurrent = layer === 'LSTM' || layer === 'GRU' || layer === 'RNN';
  const [before, after] = reach(options);
  const farthest = Math.max(before, after);
  const across = length - 1;
  const path = recurrent ? length : across === 0 ? 1 : farthest === 0 ? null : Math.ceil(across / farthest);
  return [
    { name: 'weights of a layer', value: WEIGHTS[layer] },
    { name: 'MACs of a layer', value: `${MACS[layer]}: ${ORDERS[layer]}` },
    { name: 'sequential steps', value: recurrent ? `${length * layers}: O(n)` : `${layers}: O(1)` },
    { name: 'longest path', value: path === null ? 'none: steps never meet' : `${path}: ${pathOrder(layer)}` },
    { name: 'receptive field', value: `${receptiveField(options)} of ${length} steps` },
  ];
}

/** Steps before and after a step that one layer brings to it. */
function reach({ layer, length, causal, kernel, neighbourhood }: StackOptions): readonly [number, number] {
  switch (layer) {
    case 'self-attention':
      return [length - 1, causal ? 0 : length - 1];
    case 'truncated self-attention': {
      const before = stepsBefore(neighbourhood, causal);
      return [before, neighbourhood - 1 - before];
    }
    case 'LSTM':
    case 'GRU':
    case 'RNN':
      return [length - 1, 0];
    default:
      return kernelPads(kernel, causal);
  }
}

/** Of the stack, at most the sequence. */
function receptiveField(options: StackOptions): number {
  const [before, after] = reach(options);
  return Math.min(options.length, options.layers * (before + after) + 1);
}

function pathOrder(layer: LayerName): string {
  if (layer === 'self-attention') return 'O(1)';
  if (layer === 'truncated self-attention') return 'O(n/r)';
  if (layer === 'LSTM' || layer === 'GRU' || layer === 'RNN') return 'O(n)';
  return 'O(n/k), with dilation O(log_k n)';
}
