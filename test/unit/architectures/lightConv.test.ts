import { describe, expect, it } from 'vitest';
import { DYNAMIC_CONV } from '../../../src/architectures/dynamicConv';
import { dynamicConvolution } from '../../../src/architectures/dynamicConv/network';
import { GraphBuilder, type Handle } from '../../../src/architectures/graph';
import { LIGHT_CONV } from '../../../src/architectures/lightConv';
import { lightConvolution, type StepLayer } from '../../../src/architectures/lightConv/network';
import { countKinds, furthest, furthestFromOne, noise, runOn } from './attentionSupport';
import { runFeeds } from './sequenceSupport';
import { analysed, itReproducesTheRecords } from './support';

const SMALL = {
  encoderKernels: [3, 5],
  decoderKernels: [3, 5],
  dim: 16,
  ff: 24,
  heads: 4,
  vocabulary: 11,
  sourceLength: 6,
  targetLength: 5,
};
const [STEPS, WIDTH, HEADS, KERNEL] = [9, 8, 2, 5];

function layer(convolve: StepLayer, causal: boolean) {
  const b = new GraphBuilder({ name: 'layer' });
  b.output(convolve(b, b.input('x', ['batch', STEPS, WIDTH]), { kernel: KERNEL, heads: HEADS, causal }), 'y');
  return b.build();
}

/** Softmax over each row of taps. */
function normalised(taps: ArrayLike<number>): number[] {
  return Array.from(taps, (tap, at) => {
    const row = Array.from(taps).slice(at - (at % KERNEL), at - (at % KERNEL) + KERNEL);
    return Math.exp(tap) / row.reduce((sum, other) => sum + Math.exp(other), 0);
  });
}

/** A grouped convolution of ONNX Runtime with one kernel a channel, those of its head. */
function groupedConvolution(causal: boolean) {
  const b = new GraphBuilder({ name: 'grouped' });
  const turn = (x: Handle) => b.node('Transpose', [x], { perm: [0, 2, 1] });
  const weight = b.weight('weight', [WIDTH, 1, KERNEL], { kind: 'constant', value: 0 });
  const x = turn(b.input('x', ['batch', STEPS, WIDTH]));
  b.output(turn(b.node('Conv', [x, weight], { group: WIDTH, pads: causal ? [KERNEL - 1, 0] : [2, 2] })), 'y');
  return b.build();
}

const TAPS = noise(HEADS * KERNEL, 3);

describe('LightConv', () => {
  itReproducesTheRecords(LIGHT_CONV);

  for (const causal of [false, true]) {
    it(`equals a ${causal ? 'causal ' : ''}depthwise convolution with the kernels of its heads repeated`, async () => {
      const x = noise(STEPS * WIDTH);
      const { y } = await runOn(layer(lightConvolution, causal), x, { weights: { weight: TAPS } });
      const repeated = Array.from({ length: WIDTH }, (_, channel) => {
        const head = Math.floor((channel * HEADS) / WIDTH);
        return normalised(TAPS).slice(head * KERNEL, (head + 1) * KERNEL);
      }).flat();
      const reference = await runOn(groupedConvolution(causal), x, { weights: { weight: repeated } });
      expect(furthest(y?.data ?? [], reference['y']?.data ?? [])).toBeLessThan(1e-6);
    });
  }

  it('shares kernels as the paper counts them: 112 weights at d = 1024, k = 7, 16 heads', () => {
    const b = new GraphBuilder({ name: 'paper' });
    b.output(lightConvolution(b, b.input('x', [1, 10, 1024]), { kernel: 7, heads: 16, causal: false }), 'y');
    const { totals } = analysed(b.build()).profile;
    expect(totals).toMatchObject({ parameters: 112, macs: 10 * 1024 * 7 });
  });

  it('is found block by block', () => {
    const kinds = ['transformer', 'light-convolution', 'attention', 'feed-forward'] as const;
    for (const glu of [true, false]) {
      const counts = countKinds(analysed(LIGHT_CONV.build({ ...SMALL, glu })), ...kinds);
      expect(counts).toEqual({ transformer: 4, 'light-convolution': 4, attention: 2, 'feed-forward': 4 });
    }
  });
});

describe('DynamicConv', () => {
  itReproducesTheRecords(DYNAMIC_CONV);

  for (const causal of [false, true]) {
    it(`equals a ${causal ? 'causal ' : ''}lightweight convolution where every step predicts the same kernels`, async () => {
      // The last channel is 1 everywhere; the predictor reads nothing else.
      const x = noise(STEPS * WIDTH).map((value, at) => (at % WIDTH === WIDTH - 1 ? 1 : value));
      const predictor = Array.from({ length: WIDTH * HEADS * KERNEL }, (_, at) =>
        Math.floor(at / TAPS.length) === WIDTH - 1 ? (TAPS[at % TAPS.length] ?? 0) : 0,
      );
      const dynamic = await runOn(layer(dynamicConvolution, causal), x, { weights: { 'weight_linear.weight': predictor } });
      const light = await runOn(layer(lightConvolution, causal), x, { weights: { weight: TAPS } });
      expect(furthest(dynamic['y']?.data ?? [], light['y']?.data ?? [])).toBeLessThan(1e-6);
    });
  }

  it('predicts as the paper counts it: 114,688 weights at d = 1024, k = 7, 16 heads', () => {
    const b = new GraphBuilder({ name: 'paper' });
    b.output(dynamicConvolution(b, b.input('x', [1, 10, 1024]), { kernel: 7, heads: 16, causal: false }), 'y');
    const { totals } = analysed(b.build()).profile;
    expect(totals).toMatchObject({ parameters: 114_688, macs: 10 * (114_688 + 1024 * 7) });
  });

  it('is found block by block', () => {
    const kinds = ['transformer', 'dynamic-convolution', 'attention', 'feed-forward'] as const;
    for (const glu of [true, false]) {
      const counts = countKinds(analysed(DYNAMIC_CONV.build({ ...SMALL, glu })), ...kinds);
      expect(counts).toEqual({ transformer: 4, 'dynamic-convolution': 4, attention: 2, 'feed-forward': 4 });
    }
  });
});

describe.each([LIGHT_CONV, DYNAMIC_CONV])('$name', (family) => {
  it('answers for each target token without looking at later ones', async () => {
    const built = family.build(SMALL);
    const source = { dims: [1, 6], data: [1, 4, 2, 8, 5, 7] };
    const answer = async (tokens: readonly number[]) =>
      (await runFeeds(built, { source, target: { dims: [1, 5], data: tokens } }))['logits'] ?? [];
    const [first, later] = [Array.from(await answer([3, 1, 4, 1, 5])), Array.from(await answer([3, 1, 4, 9, 2]))];
    expect(furthest(first.slice(0, 33), later.slice(0, 33))).toBeLessThan(1e-6);
    expect(furthest(first.slice(33), later.slice(33))).toBeGreaterThan(1e-3);
  });

  it('has rows of attention over the source that sum to one', async () => {
    const built = family.build(SMALL);
    const cores = analysed(built).blocks.attention;
    const feeds = { source: { dims: [1, 6], data: [1, 4, 2, 8, 5, 7] }, target: { dims: [1, 5], data: [3, 1, 4, 1, 5] } };
    const outputs = await runFeeds(built, feeds, { also: cores.map(({ probabilities }) => probabilities) });
    expect(cores.map(({ keys }) => keys)).toEqual([6, 6]);
    for (const { probabilities } of cores) expect(furthestFromOne(outputs[probabilities] ?? new Float32Array(), 6)).toBeLessThan(1e-5);
  });

  it('says which knobs do not fit', () => {
    expect(() => family.build({ ...SMALL, heads: 3 })).toThrow(`${family.name}: 3 heads do not divide a width of 16.`);
  });
});
