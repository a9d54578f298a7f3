import { extent, type Fill, fanIn, type GraphBuilder, type Handle } from '../graph';
import {
  activation,
  batchNorm,
  convolution,
  depthwise,
  feedForward,
  gatedLinearUnit,
  kernelPads,
  layerNorm,
  linear,
  mergeHeads,
  padSteps,
  sinusoids,
  skew,
  splitHeads,
  swapSteps,
} from '../layers';

/** The encoder over `[N, frames, mel channels]`. */
export interface ConformerOptions {
  readonly layers: number;
  readonly dim: number;
  readonly heads: number;
  readonly kernel: number;
  /** Width inside the feed-forward networks, in widths. */
  readonly expansion: number;
}

/** Encoded frames `[N, frames / 4, dim]` of a spectrogram `[N, frames, mels]` (arXiv 2005.08100, section 2). */
export function conformer(b: GraphBuilder, features: Handle, options: ConformerOptions): Handle {
  let x = b.scope('encoder_embed', () => subsample(b, features, options.dim));
  const steps = extent(x, 1);
  // Offsets from one past to one ahead, as the skewing below reads them.
  const positions = sinusoids(b, 2 * steps - 1, options.dim, { first: 1 - steps });
  b.scope('encoder', () => {
    for (let layer = 0; layer < options.layers; layer++) x = b.scope(String(layer), () => block(b, x, positions, options));
  });
  return x;
}

/** Two 3x3 convolutions of stride 2 without padding, and a linear layer over what is left of the bands. */
function subsample(b: GraphBuilder, features: Handle, dim: number): Handle {
  const image = b.node('Unsqueeze', [features, b.constant([1])]);
  const reduce = (x: Handle, name: string) =>
    b.node('Relu', [convolution(b, name, x, { out: dim, kernel: 3, stride: 2, padding: 0, bias: true })]);
  const small = reduce(reduce(image, 'conv1'), 'conv2');
  const [frames, bands] = [extent(small, 2), extent(small, 3)];
  const rows = b.node('Reshape', [b.node('Transpose', [small], { perm: [0, 2, 1, 3] }), b.constant([0, frames, dim * bands])]);
  return linear(b, 'out', rows, dim);
}

function block(b: GraphBuilder, x: Handle, positions: Handle, options: ConformerOptions): Handle {
  const first = halfFeedForward(b, 'ff1', x, options);
  const attended = b.node('Add', [
    first,
    b.scope('attn', () => relativeAttention(b, layerNorm(b, 'norm', first), positions, options.heads)),
  ]);
  const convolved = b.node('Add', [attended, b.scope('conv', () => convolutionModule(b, attended, options.kernel))]);
  return layerNorm(b, 'norm', halfFeedForward(b, 'ff2', convolved, options));
}

/** x + FFN(x) / 2: one of the two halves around attention and convolution. */
function halfFeedForward(b: GraphBuilder, name: string, x: Handle, { dim, expansion }: ConformerOptions): Handle {
  const branch = b.scope(name, () => feedForward(b, 'ffn', layerNorm(b, 'norm', x), { hidden: expansion * dim, activation: 'silu' }));
  return b.node('Add', [x, b.node('Mul', [branch, b.scalar(0.5)])]);
}

/** Bound of u and v, which start near zero. */
const TABLE: Fill = { kind: 'uniform', bound: 0.02 * Math.sqrt(3) };

/**
 * Self-attention with the relative positions of Transformer-XL (arXiv
 * 1901.02860, section 3.3): (q + u) k^T + skew((q + v) p^T), p the projected
 * sinusoids of the 2 T - 1 offsets.
 */
function relativeAttention(b: GraphBuilder, x: Handle, positions: Handle, heads: number): Handle {
  const [steps, dim] = [extent(x, 1), extent(x, 2)];
  const size = dim / heads;
  const [q, k, v] = (['linear_q', 'linear_k', 'linear_v'] as const).map((name) => splitHeads(b, linear(b, name, x, dim), heads));
  if (!q || !k || !v) throw new Error('q, k and v are three values');
  const projected = b.scope('linear_pos', () => b.node('MatMul', [positions, b.weight('weight', [dim, dim], fanIn(dim))]));
  const p = b.node('Transpose', [b.node('Reshape', [projected, b.constant([2 * steps - 1, heads, size])])], { perm: [1, 2, 0] });
  const content = b.node('MatMul', [
    b.node('Add', [q, b.weight('pos_bias_u', [heads, 1, size], TABLE)]),
    b.node('Transpose', [k], { perm: [0, 1, 3, 2] }),
  ]);
  const offsets = skew(b, b.node('MatMul', [b.node('Add', [q, b.weight('pos_bias_v', [heads, 1, size], TABLE)]), p]));
  const scores = b.node('Mul', [b.node('Add', [content, offsets]), b.scalar(1 / Math.sqrt(size))]);
  return linear(b, 'linear_out', mergeHeads(b, b.node('MatMul', [b.node('Softmax', [scores], { axis: -1 }), v])), dim);
}

/** Pointwise layer with a gate, depthwise convolution over time, BatchNorm, Swish, pointwise layer (figure 2). */
function convolutionModule(b: GraphBuilder, x: Handle, kernel: number): Handle {
  const dim = extent(x, -1);
  const gated = gatedLinearUnit(b, linear(b, 'pointwise1', layerNorm(b, 'norm', x), 2 * dim));
  const padded = padSteps(b, swapSteps(b, gated), kernelPads(kernel, false), 2);
  const mixed = depthwise(b, 'depthwise', padded, { kernel: [kernel], padding: 0, bias: true });
  return linear(b, 'pointwise2', swapSteps(b, activation(b, 'silu', batchNorm(b, 'bn', mixed))), dim);
}

/** The predictor of a transducer: embedded labels `[N, U]` through one LSTM to `[N, U, width]`. */
export function predictor(
  b: GraphBuilder,
  labels: Handle,
  { width, vocabulary }: { readonly width: number; readonly vocabulary: number },
): Handle {
  const embedded = b.node('Gather', [b.weight('embed.weight', [vocabulary, width], fanIn(width)), labels], { axis: 0 });
  const steps = b.node('Transpose', [embedded], { perm: [1, 0, 2] });
  const fill = fanIn(width);
  const outputs = b.scope('lstm', () =>
    b.nodeOutputs(
      'LSTM',
      [
        steps,
        b.weight('weight_ih', [1, 4 * width, width], fill),
        b.weight('weight_hh', [1, 4 * width, width], fill),
        b.weight('bias', [1, 8 * width], fill),
      ],
      { hidden_size: width },
      1,
    ),
  );
  const [all] = outputs;
  if (!all) throw new Error('an LSTM has outputs');
  return b.node('Transpose', [b.node('Squeeze', [all, b.constant([1])])], { perm: [1, 0, 2] });
}
