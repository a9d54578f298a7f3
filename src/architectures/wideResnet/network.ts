import { extent, type GraphBuilder, type Handle } from '../graph';
import { averagePool, batchNorm, convolution, globalAveragePool, linear } from '../layers';
import type { SpatialOptions } from '../resnet/network';

/** Where a block stands. */
export interface BlockPlace {
  /** Counts from 1. */
  readonly group: number;
  /** Counts from 0 within the group. */
  readonly block: number;
}

/** Depth and width factor of the network. */
export interface WideResNetOptions {
  /** Convolutions along the longest path: 6 n + 4 for n blocks in each of the three groups. */
  readonly depth: number;
  /** Factor of the widths 16, 32, 64. */
  readonly widen: number;
  /** Where the width changes: a 1x1 convolution, or average pooling and channels of zeros (`pad`). */
  readonly shortcut: 'projection' | 'pad';
  readonly classes: number;
  /** Layer in place of the first 3x3 of a block. */
  readonly spatial?: (b: GraphBuilder, name: string, x: Handle, options: SpatialOptions, place: BlockPlace) => Handle;
  /** Layer between a block's last convolution and the sum. */
  readonly recalibrate?: (b: GraphBuilder, x: Handle) => Handle;
}

const STEM = 16;

/** Logits of a wide residual network (arXiv 1605.07146) over images `[N, 3, H, W]`. */
export function wideResnet(b: GraphBuilder, image: Handle, options: WideResNetOptions): Handle {
  let x = convolution(b, 'conv1', image, { out: STEM, kernel: 3 });
  const blocks = (options.depth - 4) / 6;
  for (let group = 1; group <= 3; group++) {
    b.scope(`block${group}`, () =>
      b.scope('layer', () => {
        for (let block = 0; block < blocks; block++) {
          const stride = block === 0 && group > 1 ? 2 : 1;
          x = b.scope(String(block), () =>
            preActivated(b, x, { out: STEM * 2 ** (group - 1) * options.widen, stride }, { group, block }, options),
          );
        }
      }),
    );
  }
  const last = b.node('Relu', [batchNorm(b, 'bn1', x)]);
  return linear(b, 'fc', globalAveragePool(b, last), options.classes);
}

/** BN, ReLU, 3x3, BN, ReLU, 3x3; a shortcut that changes the width starts behind the first activation. */
function preActivated(b: GraphBuilder, x: Handle, at: SpatialOptions, place: BlockPlace, options: WideResNetOptions): Handle {
  const active = b.node('Relu', [batchNorm(b, 'bn1', x)]);
  const first = options.spatial?.(b, 'conv1', active, at, place) ?? convolution(b, 'conv1', active, { ...at, kernel: 3 });
  const again = b.node('Relu', [batchNorm(b, 'bn2', first)]);
  const branch = convolution(b, 'conv2', again, { out: at.out, kernel: 3 });
  const scaled = options.recalibrate?.(b, branch) ?? branch;
  const same = at.stride === 1 && extent(x, 1) === at.out;
  return b.node('Add', [scaled, same ? x : changed(b, active, at, options.shortcut)]);
}

function changed(b: GraphBuilder, x: Handle, { out, stride }: SpatialOptions, shortcut: 'projection' | 'pad'): Handle {
  if (shortcut === 'projection') return convolution(b, 'convShortcut', x, { out, kernel: 1, stride });
  const smaller = stride === 1 ? x : averagePool(b, x, { kernel: 3, stride, padding: 1 });
  const missing = out - extent(x, 1);
  return missing > 0 ? b.node('Pad', [smaller, b.constant([0, 0, 0, 0, 0, missing, 0, 0])]) : smaller;
}
