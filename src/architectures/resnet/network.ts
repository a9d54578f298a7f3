import { extent, type GraphBuilder, type Handle } from '../graph';
import { batchNorm, convolution, globalAveragePool, linear, maxPool } from '../layers';

/** Where in the network a layer stands. */
export interface Place {
  /** From 1, as torchvision's `layer1` to `layer4`. */
  readonly stage: number;
  /** From 0 within the stage. */
  readonly block: number;
}

/** The middle convolution of a bottleneck, or either of a basic block. */
export interface SpatialOptions {
  readonly out: number;
  readonly stride: number;
}

/** The whole network; `spatial` lets other families put something else in the place of 3x3 convolutions. */
export interface ResNetOptions {
  readonly block: 'basic' | 'bottleneck';
  readonly layers: readonly number[];
  /** Width of the stem and of the first stage; doubled stage by stage. */
  readonly width: number;
  /** Factor of the width inside bottlenecks: 2 in wide_resnet50_2. */
  readonly innerWidth: number;
  /** Convolution of a bottleneck that has the stride. */
  readonly strideIn: '1x1' | '3x3';
  readonly classes: number;
  /** Stride of the last stage; 2 unless given. */
  readonly lastStride?: number;
  /** In place of the 7x7 convolution, its norm and its activation: half the side. */
  readonly stem?: (b: GraphBuilder, image: Handle) => Handle;
  /** Layer in place of the 3x3 of a bottleneck, or of the first 3x3 of a basic block. */
  readonly spatial?: (b: GraphBuilder, name: string, x: Handle, options: SpatialOptions, place: Place) => Handle;
  /** Layer between a block's last normalisation and the sum: squeeze-excite, gather-excite. */
  readonly recalibrate?: (b: GraphBuilder, x: Handle, place: Place) => Handle;
}

/** Logits of a ResNet (arXiv 1512.03385) over images `[N, 3, H, W]`; names are torchvision's. */
export function resnet(b: GraphBuilder, image: Handle, options: ResNetOptions): Handle {
  const stem = options.stem?.(b, image) ?? sevenBySeven(b, image, options.width);
  let x = maxPool(b, stem, { kernel: 3, stride: 2, padding: 1 });
  options.layers.forEach((blocks, index) => {
    const stage = index + 1;
    const first = index === options.layers.length - 1 ? (options.lastStride ?? 2) : 2;
    b.scope(`layer${stage}`, () => {
      for (let block = 0; block < blocks; block++) {
        const stride = block === 0 && index > 0 ? first : 1;
        x = b.scope(String(block), () => residual(b, x, options, stride, { stage, block }));
      }
    });
  });
  return linear(b, 'fc', globalAveragePool(b, x), options.classes);
}

function sevenBySeven(b: GraphBuilder, image: Handle, out: number): Handle {
  return b.node('Relu', [batchNorm(b, 'bn1', convolution(b, 'conv1', image, { out, kernel: 7, stride: 2 }))]);
}

function residual(b: GraphBuilder, x: Handle, options: ResNetOptions, stride: number, place: Place): Handle {
  const width = options.width * 2 ** (place.stage - 1);
  const branch = options.block === 'basic' ? basic(b, x, width, stride, options, place) : bottleneck(b, x, width, stride, options, place);
  const scaled = options.recalibrate?.(b, branch, place) ?? branch;
  const shortcut = stride === 1 && extent(x, 1) === extent(branch, 1) ? x : projection(b, x, extent(branch, 1), stride);
  return b.node('Relu', [b.node('Add', [scaled, shortcut])]);
}

/** Two 3x3 convolutions; the first has the stride. */
function basic(b: GraphBuilder, x: Handle, width: number, stride: number, options: ResNetOptions, place: Place): Handle {
  const first = b.node('Relu', [batchNorm(b, 'bn1', spatial(b, 'conv1', x, { out: width, stride }, options, place))]);
  return batchNorm(b, 'bn2', convolution(b, 'conv2', first, { out: width, kernel: 3 }));
}

/** 1x1, 3x3, and 1x1 to four times the width. */
function bottleneck(b: GraphBuilder, x: Handle, width: number, stride: number, options: ResNetOptions, place: Place): Handle {
  const inner = width * options.innerWidth;
  const [before, within] = options.strideIn === '1x1' ? [stride, 1] : [1, stride];
  const reduced = b.node('Relu', [batchNorm(b, 'bn1', convolution(b, 'conv1', x, { out: inner, kernel: 1, stride: before }))]);
  const mixed = b.node('Relu', [batchNorm(b, 'bn2', spatial(b, 'conv2', reduced, { out: inner, stride: within }, options, place))]);
  return batchNorm(b, 'bn3', convolution(b, 'conv3', mixed, { out: 4 * width, kernel: 1 }));
}

function spatial(b: GraphBuilder, name: string, x: Handle, at: SpatialOptions, options: ResNetOptions, place: Place): Handle {
  return options.spatial?.(b, name, x, at, place) ?? convolution(b, name, x, { ...at, kernel: 3 });
}

function projection(b: GraphBuilder, x: Handle, out: number, stride: number): Handle {
  return b.scope('downsample', () => batchNorm(b, '1', convolution(b, '0', x, { out, kernel: 1, stride })));
}
