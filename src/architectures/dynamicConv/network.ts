import { extent, type GraphBuilder, type Handle } from '../graph';
import { kernelPads, linear, padSteps } from '../layers';
import type { StepConvolution } from '../lightConv/network';

/**
 * Convolution whose kernels each step predicts for itself: softmax(W x) over
 * the taps, one kernel for each C / heads neighbouring channels, applied to the
 * step's neighbours (arXiv 1901.10430, section 4).
 */
export function dynamicConvolution(b: GraphBuilder, x: Handle, { kernel, heads, causal }: StepConvolution): Handle {
  const [steps, channels] = [extent(x, 1), extent(x, 2)];
  const predicted = linear(b, 'weight_linear', x, heads * kernel, { bias: false });
  const taps = b.node('Softmax', [b.node('Reshape', [predicted, b.constant([0, steps, heads, 1, kernel])])], { axis: -1 });
  const padded = padSteps(b, x, kernelPads(kernel, causal), 1);
  const places = Array.from({ length: steps * kernel }, (_, at) => Math.floor(at / kernel) + (at % kernel));
  const neighbours = b.node('Gather', [padded, b.constant(places, 'int64', [steps, kernel])], { axis: 1 });
  const split = b.node('Reshape', [neighbours, b.constant([0, steps, kernel, heads, channels / heads])]);
  const mixed = b.node('MatMul', [taps, b.node('Transpose', [split], { perm: [0, 1, 3, 2, 4] })]);
  return b.node('Reshape', [mixed, b.constant([0, steps, channels])]);
}
