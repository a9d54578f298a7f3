import type { Family, Knobs } from '../../../../src/architectures/family';

/** How many blocks of each kind a family's builder puts in, as its paper describes it; kinds left out are not looked at. */
export type BlockCounts = Readonly<Record<string, number>>;

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

class Reader {
  constructor(private readonly knobs: Knobs) {}

  number(name: string): number {
    return Number(this.knobs[name]);
  }

  list(name: string): readonly number[] {
    const value = this.knobs[name];
    if (typeof value !== 'object') throw new Error(`${name} is no list`);
    return value;
  }

  is(name: string, value: string | boolean): boolean {
    return this.knobs[name] === value;
  }

  has(name: string, item: number): boolean {
    return this.list(name).includes(item);
  }
}

/** Attention takes dv of `out` channels, heads x floor(upsilon whole / heads) of them (arXiv 1904.09925, section 3.3). */
function augmented(knobs: Reader, layers: readonly { readonly out: number; readonly whole?: number }[]): BlockCounts {
  const heads = knobs.number('heads');
  const depth = ({ out, whole = out }: { readonly out: number; readonly whole?: number }) =>
    Math.min(heads * Math.floor((knobs.number('upsilon') * whole) / heads + 1e-9), heads * Math.floor(out / heads));
  const attending = layers.filter((layer) => depth(layer) > 0);
  return { attention: attending.length, 'attention-augmented-convolution': attending.filter((layer) => depth(layer) < layer.out).length };
}

function residual(knobs: Reader): BlockCounts {
  const blocks = sum(knobs.list('layers'));
  const basic = knobs.is('block', 'basic');
  return { 'residual-basic': basic ? blocks : 0, 'residual-bottleneck': basic ? 0 : blocks };
}

/** Expansion, channels, blocks, stride of MnasNet-A1's stages (arXiv 1807.11626, figure 7). */
const A1 = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [3, 40, 3, 2],
  [6, 80, 4, 2],
  [6, 112, 2, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

function divisibleBy8(channels: number): number {
  const rounded = Math.max(8, Math.floor(channels / 8 + 0.5) * 8);
  return rounded < 0.9 * channels ? rounded + 8 : rounded;
}

function mnasnetLayers(knobs: Reader): readonly { readonly out: number; readonly whole: number }[] {
  const width = knobs.number('width');
  let input = divisibleBy8(32 * width);
  return A1.flatMap(([expansion, channels, blocks, stride], stage) =>
    Array.from({ length: blocks }, (_, block) => {
      const out = expansion * input;
      input = divisibleBy8(channels * width);
      const keeps = block > 0 || stride === 1;
      const chosen = expansion > 1 && knobs.has('stages', stage + 1) && (knobs.is('blocks', 'every') || keeps);
      return chosen ? [{ out, whole: knobs.is('partsOf', 'layer') ? out : input }] : [];
    }).flat(),
  );
}

/** Types of the stages S1 to S4 in a layout's name. */
function coatnet(knobs: Reader): BlockCounts {
  const layout = String(['C-C-C-C', 'C-C-C-T', 'C-C-T-T', 'C-T-T-T', 'C-C-(C,T)-T', 'ViT_REL'].find((name) => knobs.is('layout', name)));
  const depths = knobs.list('depths');
  const stages = layout === 'ViT_REL' ? ['T', 'T', 'T', 'T'] : (layout.match(/[CT]/g) ?? []);
  const of = (type: string) => sum(stages.map((stage, at) => (stage === type ? (depths[at + 1] ?? 0) : 0)));
  const [mbconv, attention] = [of('C'), of('T')];
  const gates = knobs.number('seRatio') > 0 ? mbconv : 0;
  return { mbconv, 'squeeze-excite': gates, attention, 'feed-forward': attention, transformer: attention };
}

function sequence(knobs: Reader, kind: 'light-convolution' | 'dynamic-convolution'): BlockCounts {
  const [encoder, decoder] = [knobs.list('encoderKernels').length, knobs.list('decoderKernels').length];
  return { [kind]: encoder + decoder, attention: decoder, 'feed-forward': encoder + decoder };
}

const vit = (knobs: Reader): BlockCounts => {
  const layers = knobs.number('layers');
  return { attention: layers, 'feed-forward': layers, transformer: layers };
};

const COUNTS: Readonly<Record<string, (knobs: Reader) => BlockCounts>> = {
  'AA-MnasNet': (knobs) => ({ mbconv: 16, 'squeeze-excite': 8, ...augmented(knobs, mnasnetLayers(knobs)) }),
  'AA-ResNet': (knobs) => ({
    ...residual(knobs),
    ...augmented(
      knobs,
      knobs
        .list('layers')
        .flatMap((blocks, stage) =>
          knobs.has('stages', stage + 1) ? Array.from({ length: blocks }, () => ({ out: knobs.number('width') * 2 ** stage })) : [],
        ),
    ),
  }),
  'AA-WRN': (knobs) => {
    const blocks = (knobs.number('depth') - 4) / 6;
    const each = knobs.is('blocks', 'every') ? blocks : 1;
    const groups = [1, 2, 3].filter((group) => knobs.has('groups', group));
    const layers = groups.flatMap((group) => Array.from({ length: each }, () => ({ out: 16 * knobs.number('widen') * 2 ** (group - 1) })));
    const gates = (kind: string) => ({ [kind]: knobs.is('recalibrate', kind) ? 3 * blocks : 0 });
    return { 'residual-basic': 3 * blocks, ...gates('squeeze-excite'), ...gates('gather-excite'), ...augmented(knobs, layers) };
  },
  BoTNet: (knobs) => {
    const [, , c4 = 0, c5 = 0] = knobs.list('layers');
    return { 'residual-bottleneck': sum(knobs.list('layers')), attention: c5 + (knobs.is('c4', 'alternate') ? Math.floor(c4 / 2) : 0) };
  },
  CoAtNet: coatnet,
  'CoAtNet-layout': coatnet,
  Conformer: (knobs) => {
    const layers = knobs.number('layers');
    return { attention: layers, 'feed-forward': 2 * layers, 'conformer-convolution': layers };
  },
  ConvNeXt: (knobs) => ({ convnext: sum(knobs.list('depths')), attention: 0 }),
  DeiT: vit,
  DynamicConv: (knobs) => sequence(knobs, 'dynamic-convolution'),
  EfficientNet: (knobs) => {
    const blocks = sum([1, 2, 2, 3, 3, 4, 1].map((repeats) => Math.ceil(knobs.number('depth') * repeats)));
    return { mbconv: blocks, 'squeeze-excite': knobs.number('squeeze') > 0 ? blocks : 0 };
  },
  'ENet-SAD': (knobs) => ({ 'residual-bottleneck': 4 + 8 * knobs.number('encoders') + 3 + 2, 'residual-basic': 2, attention: 0 }),
  'Gather-Excite': (knobs) => ({ ...residual(knobs), 'gather-excite': sum(knobs.list('layers')), 'squeeze-excite': 0 }),
  LightConv: (knobs) => sequence(knobs, 'light-convolution'),
  MaxViT: (knobs) => {
    const blocks = sum(knobs.list('depths'));
    const gates = knobs.number('seRatio') > 0 ? blocks : 0;
    return { mbconv: blocks, 'squeeze-excite': gates, attention: 2 * blocks, 'feed-forward': 2 * blocks };
  },
  MnasNet: (knobs) => ({ mbconv: knobs.is('network', 'A1') ? 16 : 17, 'squeeze-excite': knobs.is('network', 'A1') ? 8 : 0 }),
  MobileNetV2: () => ({ mbconv: 17, 'squeeze-excite': 0 }),
  ResNet: residual,
  SequenceLayer: (knobs) => {
    const layers = knobs.number('layers');
    const attends = knobs.is('layer', 'self-attention') || knobs.is('layer', 'truncated self-attention');
    return { attention: attends ? layers : 0 };
  },
  'SE-ResNet': (knobs) => ({ ...residual(knobs), 'squeeze-excite': sum(knobs.list('layers')) }),
  SASA: (knobs) => ({ 'residual-bottleneck': sum(knobs.list('layers')), attention: sum(knobs.list('layers')) }),
  Swin: (knobs) => {
    const blocks = sum(knobs.list('depths'));
    return { attention: blocks, 'feed-forward': blocks, transformer: blocks, 'patch-merging': knobs.list('depths').length - 1 };
  },
  Transformer: (knobs) => {
    const [encoder, decoder] = [knobs.number('encoderLayers'), knobs.number('decoderLayers')];
    return { attention: encoder + 2 * decoder, 'feed-forward': encoder + decoder, transformer: encoder + decoder };
  },
  ViT: vit,
  WideResNet: (knobs) => ({ 'residual-basic': (knobs.number('depth') - 4) / 2, attention: 0 }),
};

/** @throws Error for a family that has no line here. */
export function expectedBlocks({ name }: Family, knobs: Knobs): BlockCounts {
  const counts = COUNTS[name];
  if (!counts) throw new Error(`${name} has no line in expectedBlocks.`);
  return counts(new Reader(knobs));
}
