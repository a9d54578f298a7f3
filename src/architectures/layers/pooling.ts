import type { GraphBuilder, Handle } from '../graph';

/** A window that slides over `[N, C, H, W]`, in positions. */
export interface PoolOptions {
  readonly kernel: number;
  readonly stride: number;
  readonly padding?: number | 'same';
}

/** The largest of each window. */
export function maxPool(b: GraphBuilder, x: Handle, options: PoolOptions): Handle {
  return pool(b, 'MaxPool', x, options, {});
}

/** The mean of each window. */
export function averagePool(b: GraphBuilder, x: Handle, options: PoolOptions): Handle {
  return pool(b, 'AveragePool', x, options, { count_include_pad: 0 });
}

/** `[N, C, H, W]` to `[N, C]`. */
export function globalAveragePool(b: GraphBuilder, x: Handle): Handle {
  return b.node('Flatten', [b.node('GlobalAveragePool', [x])], { axis: 1 });
}

function pool(
  b: GraphBuilder,
  op: string,
  x: Handle,
  { kernel, stride, padding = 0 }: PoolOptions,
  attributes: Record<string, number>,
): Handle {
  const side = padding === 'same' ? { auto_pad: 'SAME_UPPER' } : { pads: [padding, padding, padding, padding] };
  return b.node(op, [x], { kernel_shape: [kernel, kernel], strides: [stride, stride], ...side, ...attributes });
}
