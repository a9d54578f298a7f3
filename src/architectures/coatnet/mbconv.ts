import { extent, type GraphBuilder, type Handle } from '../graph';
import { activation, averagePool, batchNorm, convolution, depthwise, maxPool, squeezeExcite } from '../layers';

/** An MBConv with pre-activation, as the paper's appendix A.1 has it. */
export interface MbconvOptions {
  readonly out: number;
  readonly stride: number;
  /** Convolution that has the stride: the first 1x1 (arXiv 2106.04803, equation 5) or the depthwise. */
  readonly strideIn: '1x1' | 'depthwise';
  /** Inner width over the output's. */
  readonly expansion: number;
  /** Squeeze-excite's hidden width over the output's; 0 leaves it out. */
  readonly seRatio: number;
  readonly shortcutPool: 'max' | 'average';
}

/**
 * MBConv with pre-activation (arXiv 2106.04803, appendix A.1): the shortcut,
 * pooled and projected where needed, plus 1x1, depthwise 3x3, squeeze-excite
 * and 1x1 of the normalised input.
 */
export function mbconv(b: GraphBuilder, x: Handle, options: MbconvOptions): Handle {
  const { out, stride, strideIn, expansion, seRatio } = options;
  const [first, second] = strideIn === '1x1' ? [stride, 1] : [1, stride];
  const inner = out * expansion;
  const shortcut = projected(b, stride === 1 ? x : halve(b, x, options.shortcutPool), out);
  const expanded = convolution(b, 'conv1_1x1', batchNorm(b, 'pre_norm', x), { out: inner, kernel: 1, stride: first });
  const mixed = depthwise(b, 'conv2_kxk', activation(b, 'gelu', batchNorm(b, 'norm1', expanded)), { kernel: 3, stride: second });
  let gated = activation(b, 'gelu', batchNorm(b, 'norm2', mixed));
  if (seRatio > 0) gated = squeezeExcite(b, 'se', gated, { hidden: Math.max(1, Math.round(out * seRatio)), activation: 'silu' });
  return b.node('Add', [convolution(b, 'conv3_1x1', gated, { out, kernel: 1, bias: true }), shortcut]);
}

/** Pooling by 2; odd extents round up, as the strided convolutions do. */
export function halve(b: GraphBuilder, x: Handle, pool: 'max' | 'average'): Handle {
  const even = extent(x, 2) % 2 === 0 && extent(x, 3) % 2 === 0;
  const options = { kernel: 2, stride: 2, padding: even ? 0 : ('same' as const) };
  return b.scope('shortcut', () => (pool === 'max' ? maxPool(b, x, options) : averagePool(b, x, options)));
}

function projected(b: GraphBuilder, x: Handle, out: number): Handle {
  if (extent(x, 1) === out) return x;
  return b.scope('shortcut', () => convolution(b, 'expand', x, { out, kernel: 1, bias: true }));
}
