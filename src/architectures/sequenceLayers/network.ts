import { dynamicConvolution } from '../dynamicConv/network';
import { extent, fanIn, type GraphBuilder, type Handle } from '../graph';
import { convolution, depthwise, kernelPads, padSteps, swapSteps } from '../layers';
import { lightConvolution } from '../lightConv/network';
import { type SelfAttentionOptions, selfAttention } from './attention';
import { truncatedAttention } from './truncated';

/** The kinds of layers that the paper's table 1 sets side by side, and what it names as their variants. */
export const LAYERS = [
  'self-attention',
  'truncated self-attention',
  'LSTM',
  'GRU',
  'RNN',
  '1-D convolution',
  'depthwise convolution',
  'lightweight convolution',
  'dynamic convolution',
] as const;

/** One of these kinds. */
export type LayerName = (typeof LAYERS)[number];

/** A layer of any of the kinds; what a kind does not use is ignored. */
export interface SequenceOptions extends SelfAttentionOptions {
  readonly layer: LayerName;
  readonly kernel: number;
  /** Steps that truncated attention looks at. */
  readonly neighbourhood: number;
}

/** One layer over the steps of `[N, T, C]` that keeps the shape. */
export function sequenceLayer(b: GraphBuilder, x: Handle, options: SequenceOptions): Handle {
  const { kernel, causal, bias, heads } = options;
  switch (options.layer) {
    case 'self-attention':
      return selfAttention(b, x, options);
    case 'truncated self-attention':
      return truncatedAttention(b, x, { heads, bias, causal, neighbourhood: options.neighbourhood });
    case 'LSTM':
    case 'GRU':
    case 'RNN':
      return recurrent(b, options.layer, x, bias);
    case '1-D convolution':
      return alongSteps(b, x, kernel, causal, (steps) =>
        convolution(b, 'conv', steps, { out: extent(x, -1), kernel: [kernel], padding: 0, bias }),
      );
    case 'depthwise convolution':
      return alongSteps(b, x, kernel, causal, (steps) => depthwise(b, 'conv', steps, { kernel: [kernel], padding: 0, bias }));
    case 'lightweight convolution':
      return lightConvolution(b, x, { kernel, heads, causal });
    case 'dynamic convolution':
      return dynamicConvolution(b, x, { kernel, heads, causal });
    default:
      return options.layer satisfies never;
  }
}

function alongSteps(b: GraphBuilder, x: Handle, kernel: number, causal: boolean, convolve: (steps: Handle) => Handle): Handle {
  return swapSteps(b, convolve(padSteps(b, swapSteps(b, x), kernelPads(kernel, causal), 2)));
}

const GATES = { LSTM: 4, GRU: 3, RNN: 1 } as const;

/** As many units as channels; two bias vectors a gate, as PyTorch keeps them. */
function recurrent(b: GraphBuilder, cell: keyof typeof GATES, x: Handle, bias: boolean): Handle {
  const width = extent(x, -1);
  const rows = GATES[cell] * width;
  const fill = fanIn(width);
  const steps = b.node('Transpose', [x], { perm: [1, 0, 2] });
  const weights = [b.weight('weight_ih', [1, rows, width], fill), b.weight('weight_hh', [1, rows, width], fill)];
  const biases = bias ? [b.weight('bias', [1, 2 * rows], fill)] : [];
  const attributes = { hidden_size: width, ...(cell === 'GRU' ? { linear_before_reset: 1 } : {}) };
  const all = b.node(cell, [steps, ...weights, ...biases], attributes);
  return b.node('Transpose', [b.node('Squeeze', [all, b.constant([1])])], { perm: [1, 0, 2] });
}
