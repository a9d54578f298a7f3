import { extent, type GraphBuilder, type Handle } from '../graph';
import { convolution, depthwise } from './convolution';
import { batchNorm } from './normalization';
import { averagePool } from './pooling';
import { resize } from './resize';

/** Context gathered over space and multiplied back (Hu et al. 2018, Gather-Excite, section 3). */
export interface GatherExciteOptions {
  /** Sides of what one gathered value sees over its stride: 2, 4 or 8; 0 for the whole map. */
  readonly extent: number;
  /** By averaging (theta-), or by depthwise convolution (theta, theta+). */
  readonly gather: 'average' | 'depthwise';
  /** Channels between two 1x1 convolutions before the sigmoid (theta+); 0 for the sigmoid alone. */
  readonly hidden: number;
}

/** Gather-excite (arXiv 1810.12348): `[N, C, H, W]` times a sigmoid of itself gathered over the extent. */
export function gatherExcite(b: GraphBuilder, name: string, x: Handle, options: GatherExciteOptions): Handle {
  return b.scope(name, () => {
    const gathered = options.gather === 'average' ? averaged(b, x, options.extent) : filtered(b, x, options.extent);
    const mixed = options.hidden === 0 ? gathered : bottleneck(b, gathered, options.hidden);
    return b.node('Mul', [x, b.node('Sigmoid', [spread(b, mixed, x)])]);
  });
}

function averaged(b: GraphBuilder, x: Handle, side: number): Handle {
  if (side === 0) return b.node('GlobalAveragePool', [x]);
  return averagePool(b, x, { kernel: 2 * side - 1, stride: side, padding: side - 1 });
}

/** One kernel as large as the map, or log2(extent) strided 3x3 kernels, each with BatchNorm and ReLU between. */
function filtered(b: GraphBuilder, x: Handle, side: number): Handle {
  if (side === 0) {
    const kernel = [extent(x, 2), extent(x, 3)];
    return batchNorm(b, 'gather_bn', depthwise(b, 'gather', x, { kernel, padding: 0 }));
  }
  let gathered = x;
  for (let step = 0; step < Math.log2(side); step++) {
    const input = step === 0 ? gathered : b.node('Relu', [gathered]);
    gathered = batchNorm(b, `gather_bn${step + 1}`, depthwise(b, `gather${step + 1}`, input, { kernel: 3, stride: 2 }));
  }
  return gathered;
}

function bottleneck(b: GraphBuilder, x: Handle, hidden: number): Handle {
  const narrow = b.node('Relu', [convolution(b, 'fc1', x, { out: hidden, kernel: 1, bias: true })]);
  return convolution(b, 'fc2', narrow, { out: extent(x, 1), kernel: 1, bias: true });
}

/** Nearest-neighbour upsampling to the sides of `like`; one value for all needs none. */
function spread(b: GraphBuilder, x: Handle, like: Handle): Handle {
  if (extent(x, 2) === 1 && extent(x, 3) === 1) return x;
  return resize(b, x, extent(like, 2), extent(like, 3), 'nearest');
}
