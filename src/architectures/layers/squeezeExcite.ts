import { extent, type GraphBuilder, type Handle } from '../graph';
import { type ActivationName, activation } from './activation';
import { convolution } from './convolution';

/** A gate for each channel from the mean over space (Hu et al. 2018, section 3). */
export interface SqueezeExciteOptions {
  /** Channels of the bottleneck. */
  readonly hidden: number;
  readonly activation?: ActivationName;
  readonly gate?: ActivationName;
  /** Of both 1x1 convolutions; with biases unless told. */
  readonly bias?: boolean;
}

/** Squeeze-and-excitation (arXiv 1709.01507): x * gate(W2 act(W1 mean(x))), both 1x1. */
export function squeezeExcite(b: GraphBuilder, name: string, x: Handle, options: SqueezeExciteOptions): Handle {
  const bias = options.bias ?? true;
  return b.scope(name, () => {
    const mean = b.node('GlobalAveragePool', [x]);
    const squeezed = activation(b, options.activation ?? 'relu', convolution(b, 'fc1', mean, { out: options.hidden, kernel: 1, bias }));
    const gate = activation(b, options.gate ?? 'sigmoid', convolution(b, 'fc2', squeezed, { out: extent(x, 1), kernel: 1, bias }));
    return b.node('Mul', [x, gate]);
  });
}
