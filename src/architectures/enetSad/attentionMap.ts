import { extent, type GraphBuilder, type Handle } from '../graph';
import { resize } from '../layers/resize';

/**
 * Attention map of an activation `[N, C, h, w]` (arXiv 1908.00821, section
 * 3.1): the sum over the channels of |A|^p, resized to the sides of `like`,
 * softmax over all positions: `[N, H, W]`.
 */
export function attentionMap(b: GraphBuilder, name: string, activation: Handle, like: Handle, power: number): Handle {
  const [height, width] = [extent(like, 2), extent(like, 3)];
  return b.scope(name, () => {
    const raised = b.node('Pow', [b.node('Abs', [activation]), b.scalar(power)]);
    const summed = b.node('ReduceSum', [raised, b.constant([1])], { keepdims: 1 });
    const flat = b.node('Reshape', [resized(b, summed, height, width), b.constant([0, height * width])]);
    return b.node('Reshape', [b.node('Softmax', [flat], { axis: -1 }), b.constant([0, height, width])]);
  });
}

function resized(b: GraphBuilder, x: Handle, height: number, width: number): Handle {
  if (extent(x, 2) === height && extent(x, 3) === width) return x;
  return resize(b, x, height, width, 'linear');
}
