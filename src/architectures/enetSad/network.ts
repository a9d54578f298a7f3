import { extent, type GraphBuilder, type Handle } from '../graph';
import { batchNorm, convolution, linear, maxPool } from '../layers';
import { attentionMap } from './attentionMap';
import {
  activate,
  downsamplingBottleneck,
  type Narrowed,
  type RegularOptions,
  regularBottleneck,
  transposed,
  upsamplingBottleneck,
} from './bottlenecks';

/** The encoders, the decoder and the two branches of the detector. */
export interface EnetOptions {
  /** Runs of eight bottlenecks at an eighth of the sides: E2, E3 and E4. */
  readonly encoders: number;
  /** One set of weights for all of them. */
  readonly shared: boolean;
  /** Whose channels the bottlenecks that halve the sides narrow to a quarter. */
  readonly narrowed: Narrowed;
  readonly classes: number;
  readonly lanes: number;
  /** Exponent of the attention maps; 0 leaves them out. */
  readonly power: number;
}

/** What the network gives for one batch of images. */
export interface EnetOutputs {
  /** `[N, classes, H, W]`. */
  readonly segmentation: Handle;
  /** Probability of each lane, `[N, lanes]`. */
  readonly existence: Handle;
  /** One for each encoder, E1 first: `[N, H / 4, W / 4]`, each with a sum of one. */
  readonly attention: readonly Handle[];
}

/** The eight bottlenecks of E2, E3 and E4. */
const SEQUENCE: readonly Omit<RegularOptions, 'activation'>[] = [
  {},
  { dilation: 2 },
  { asymmetric: true },
  { dilation: 4 },
  {},
  { dilation: 8 },
  { asymmetric: true },
  { dilation: 16 },
];

/** ENet with self-attention distillation (arXiv 1908.00821) over images `[N, 3, H, W]`, sides multiples of 16. */
export function enetSad(b: GraphBuilder, image: Handle, options: EnetOptions): EnetOutputs {
  const start = b.scope('initial', () => initial(b, image));
  const half = b.scope('downsample1', () => downsamplingBottleneck(b, start, 64, options.narrowed));
  const encoded = [regulars(b, 'encoder1', half.map, new Array(4).fill({ activation: 'prelu' }))];
  const quarter = b.scope('downsample2', () => downsamplingBottleneck(b, encoded[0] ?? half.map, 128, options.narrowed));
  let x = quarter.map;
  for (let encoder = 2; encoder < 2 + options.encoders; encoder++) {
    const name = `encoder${options.shared ? 2 : encoder}`;
    x = regulars(
      b,
      name,
      x,
      SEQUENCE.map((step) => ({ ...step, activation: 'prelu' })),
    );
    encoded.push(x);
  }
  const both = b.node('Concat', encoded.slice(-2), { axis: 1 });
  const segmentation = decoder(b, both, [quarter.indices, half.indices], options.classes);
  const attention =
    options.power === 0 ? [] : encoded.map((map, at) => attentionMap(b, `attention${at + 1}`, map, encoded[0] ?? map, options.power));
  return { segmentation, existence: existence(b, x, options), attention };
}

/** 3x3 with stride 2 to 13 channels beside the max-pooled image. */
function initial(b: GraphBuilder, image: Handle): Handle {
  const branches = [convolution(b, 'conv', image, { out: 13, kernel: 3, stride: 2 }), maxPool(b, image, { kernel: 2, stride: 2 })];
  return activate(b, 'act', batchNorm(b, 'bn', b.node('Concat', branches, { axis: 1 })), 'prelu');
}

function regulars(b: GraphBuilder, name: string, x: Handle, steps: readonly RegularOptions[]): Handle {
  return b.scope(name, () => steps.reduce((map, step, at) => b.scope(String(at), () => regularBottleneck(b, map, step)), x));
}

function decoder(b: GraphBuilder, x: Handle, [quarter, half]: readonly [Handle, Handle], classes: number): Handle {
  const plain: RegularOptions = { activation: 'relu' };
  const first = b.scope('upsample1', () => upsamplingBottleneck(b, x, quarter, 64));
  const second = regulars(b, 'decoder1', first, [plain, plain]);
  const third = b.scope('upsample2', () => upsamplingBottleneck(b, second, half, 16));
  return transposed(b, 'transposed_conv', regulars(b, 'decoder2', third, [plain]), classes, { kernel: 3 });
}

/** Softmax over the classes, halved sides, and two linear layers. */
function existence(b: GraphBuilder, x: Handle, { classes, lanes }: EnetOptions): Handle {
  return b.scope('exist', () => {
    const classed = b.node('Softmax', [convolution(b, 'conv', x, { out: classes, kernel: 1, bias: true })], { axis: 1 });
    const pooled = b.node('AveragePool', [classed], { kernel_shape: [2, 2], strides: [2, 2] });
    const flat = b.node('Reshape', [pooled, b.constant([0, classes * extent(pooled, 2) * extent(pooled, 3)])]);
    const hidden = b.node('Relu', [linear(b, 'fc1', flat, 128)]);
    return b.node('Sigmoid', [linear(b, 'fc2', hidden, lanes)]);
  });
}
