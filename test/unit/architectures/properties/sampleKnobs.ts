import type { Knob, Knobs, KnobValue } from '../../../../src/architectures/family';

/** Numbers from 0 to 1, the same for the same seed (Park and Miller's generator). */
export type Random = () => number;

export function seeded(seed: number): Random {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Largest values that keep a model small enough to run in a moment. */
const LARGEST: Readonly<Record<string, number>> = {
  imageSize: 100,
  height: 64,
  frames: 64,
  mels: 40,
  dim: 32,
  dims: 24,
  stem: 16,
  mlp: 48,
  ff: 48,
  vocabulary: 20,
  labelLength: 6,
  length: 16,
  sourceLength: 9,
  targetLength: 9,
  classes: 8,
  layers: 3,
  encoderLayers: 2,
  decoderLayers: 2,
  depths: 2,
  depth: 16,
  widen: 2,
  width: 16,
  heads: 4,
  headDim: 8,
  window: 9,
  partition: 8,
  patch: 16,
  kernel: 9,
  encoderKernels: 9,
  decoderKernels: 9,
  minimumKeys: 8,
  reduction: 16,
  expansion: 3,
  ffExpansion: 3,
  preLogits: 16,
  predictor: 8,
  memory: 6,
  neighbourhood: 20,
  innerWidth: 2,
  encoders: 3,
  lanes: 4,
  power: 3,
  pooledAbove: 32,
  seRatio: 1,
  mlpRatio: 4,
  kappa: 1,
};

export function pick<Item>(items: readonly Item[], random: Random): Item {
  const item = items[Math.floor(random() * items.length) % items.length];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

/** Values for every knob, each in its range and small; they need not fit each other. */
export function sampleKnobs(knobs: readonly Knob[], random: Random): Knobs {
  return Object.fromEntries(knobs.map((knob) => [knob.name, sample(knob, random)]));
}

function sample(knob: Knob, random: Random): KnobValue {
  switch (knob.kind) {
    case 'boolean':
      return random() < 0.5;
    case 'choice':
      return pick(knob.choices, random);
    case 'number': {
      const largest = Math.min(knob.maximum, LARGEST[knob.name] ?? 1);
      return pick([0.25, 0.5, 1, knob.minimum + random() * (largest - knob.minimum)], random);
    }
    case 'integer':
      return whole(knob, random);
    case 'integers': {
      const length = random() < 0.9 ? knob.default.length : pick([0, 1, 2, 5], random);
      // Widths and heads mostly double from stage to stage.
      const first = whole(knob, random);
      const doubles = (knob.name === 'dims' || knob.name === 'heads') && random() < 0.8;
      return Array.from({ length }, (_, at) => (doubles ? Math.min(knob.maximum, first * 2 ** at) : whole(knob, random)));
    }
    default:
      return knob satisfies never;
  }
}

/** A depthwise convolution over one channel is a plain one, and a weight of one element a scalar: nothing tells them apart. */
const SMALLEST: Readonly<Record<string, number>> = { dims: 2, dim: 2 };

/** Mostly round numbers, as people choose them. */
function whole(knob: { readonly name: string; readonly minimum: number; readonly maximum: number }, random: Random): number {
  const { name, maximum } = knob;
  const minimum = Math.max(knob.minimum, SMALLEST[name] ?? 0);
  const largest = Math.min(maximum, Math.max(minimum, LARGEST[name] ?? maximum));
  const usual = name === 'imageSize' ? [16, 32, 64, 96] : [1, 2, 3, 4, 7, 8, 10, 12, 16, 24, 32, 48, 64];
  const round = usual.filter((value) => value >= minimum && value <= largest);
  if (random() < 0.7 && round.length > 0) return pick(round, random);
  return minimum + Math.floor(random() * (largest - minimum + 1));
}

/** One knob set to what it does not take. */
export function spoil(knob: Knob, random: Random): KnobValue {
  switch (knob.kind) {
    case 'boolean':
      return pick<KnobValue>(['yes', 1, [1]], random);
    case 'choice':
      return pick<KnobValue>(['', 'something else', 3, true], random);
    case 'number':
      return pick<KnobValue>([knob.minimum - 1, knob.maximum + 1, Number.NaN, Number.POSITIVE_INFINITY, '1', true, [1]], random);
    case 'integer':
      return pick<KnobValue>([knob.minimum - 1, knob.maximum + 1, knob.minimum + 0.5, Number.NaN, '8', false, [8]], random);
    case 'integers':
      return pick<KnobValue>(
        [knob.minimum, [knob.minimum - 1], [knob.maximum + 1], [knob.minimum + 0.5], [Number.NaN], '1,2', true],
        random,
      );
    default:
      return knob satisfies never;
  }
}
