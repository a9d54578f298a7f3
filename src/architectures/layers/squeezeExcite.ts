import { extent, type GraphBuilder, type Handle } from '../graph';
import { type ActivationName, activation } from './activation';
import { convolution } from './convolution';

export interface SqueezeExciteOptions {
  /** Channels of the bottleneck. */
  readonly hidden: number;
  readonly activation?: ActivationName;
  readonly gate?: ActivationName;
}

/** Squeeze-and-excitation (arXiv 1709.01507): x * gate(W2 act(W1 mean(x))), both 1x1 with bias. */
export function squeezeExcite(b: GraphBuilder, name: string, x: Handle, options: SqueezeExciteOptions): Handle {
  return b.scope(name, () => {
    const mean = b.node('GlobalAveragePool', [x]);
    const squeezed = activation(
      b,
      options.activation ?? 'relu',
      convolution(b, 'fc1', mean, { out: options.hidden, kernel: 1, bias: true }),
    );
    const gate = activation(b, options.gate ?? 'sigmoid', convolution(b, 'fc2', squeezed, { out: extent(x, 1), kernel: 1, bias: true }));
    return b.node('Mul', [x, gate]);
  });
}
