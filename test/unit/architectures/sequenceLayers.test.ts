import { describe, expect, it } from 'vitest';
import type { Knobs } from '../../../src/architectures/family';
import { GraphBuilder } from '../../../src/architectures/graph';
import { SEQUENCE_LAYERS } from '../../../src/architectures/sequenceLayers';
import { transformerLayers } from '../../../src/architectures/transformer/network';
import { blocksOf, countKinds, expectRowsSumToOne, furthest, noise, runOn } from './attentionSupport';
import { HAS_TORCH, runFeeds, torch, transposed } from './sequenceSupport';
import { analysed, itReproducesTheRecords } from './support';

const [STEPS, WIDTH] = [9, 8];
const SMALL = { length: STEPS, dim: WIDTH, heads: 2, neighbourhood: 4 };
const LAYERS = SEQUENCE_LAYERS.knobs.flatMap((knob) => (knob.name === 'layer' && knob.kind === 'choice' ? knob.choices : []));
const build = (knobs: Knobs) => SEQUENCE_LAYERS.build({ ...SMALL, ...knobs });
const steps = (values: ArrayLike<number>, from: number, to: number) => Array.from(values).slice(from * WIDTH, to * WIDTH);

async function answer(knobs: Knobs, input: ArrayLike<number>, weights: Readonly<Record<string, ArrayLike<number>>> = {}) {
  const { y } = await runOn(build(knobs), input, { weights });
  return y?.data ?? new Float32Array();
}

/** The input with one step changed. */
function changedAt(input: Float32Array, step: number): Float32Array {
  return input.map((value, at) => (Math.floor(at / WIDTH) === step ? value + 1 : value));
}

describe('sequence layers', () => {
  itReproducesTheRecords(SEQUENCE_LAYERS);

  it('has attention rows that sum to one', async () => {
    for (const layer of ['self-attention', 'truncated self-attention']) {
      for (const causal of [false, true]) await expectRowsSumToOne(SEQUENCE_LAYERS, { ...SMALL, layer, causal });
    }
  });

  it.each(LAYERS)('%s: a causal one does not look ahead', async (layer) => {
    const input = noise(STEPS * WIDTH);
    for (const layers of [1, 2]) {
      const knobs = { layer, layers, causal: true, bias: true };
      const [before, after] = [await answer(knobs, input), await answer(knobs, changedAt(input, 5))];
      expect(furthest(steps(after, 0, 5), steps(before, 0, 5))).toBeLessThan(1e-6);
      expect(furthest(steps(after, 5, 6), steps(before, 5, 6))).toBeGreaterThan(1e-4);
    }
  });

  it.each([
    ['truncated self-attention', 2, 1],
    ['1-D convolution', 1, 1],
    ['depthwise convolution', 1, 1],
    ['lightweight convolution', 1, 1],
    ['dynamic convolution', 1, 1],
  ] as const)('%s: sees %i steps back and %i ahead, and a second layer twice as far', async (layer, back, ahead) => {
    const input = noise(STEPS * WIDTH);
    for (const layers of [1, 2]) {
      const [before, after] = [await answer({ layer, layers }, input), await answer({ layer, layers }, changedAt(input, 4))];
      const reached = Array.from(
        { length: STEPS },
        (_, step) => furthest(steps(after, step, step + 1), steps(before, step, step + 1)) > 1e-6,
      );
      // Step 4 reaches those that look back to it and those that look ahead to it.
      expect(reached).toEqual(Array.from({ length: STEPS }, (_, step) => step >= 4 - layers * ahead && step <= 4 + layers * back));
      const facts = Object.fromEntries(
        (SEQUENCE_LAYERS.facts?.({ ...SMALL, layer, layers }) ?? []).map(({ name, value }) => [name, value]),
      );
      expect(facts['receptive field']).toBe(`${layers * (back + ahead) + 1} of ${STEPS} steps`);
      expect(facts['sequential steps']).toBe(`${layers}: O(1)`);
    }
  });

  it('truncated to everything is self-attention', async () => {
    const input = noise(STEPS * WIDTH);
    const truncated = await answer({ layer: 'truncated self-attention', neighbourhood: 2 * STEPS }, input);
    expect(furthest(truncated, await answer({}, input))).toBeLessThan(1e-5);
  });

  it('gives permuted steps permuted answers without positions, and others with them', async () => {
    const input = noise(STEPS * WIDTH);
    const turn = (values: ArrayLike<number>) =>
      Array.from({ length: STEPS }, (_, step) => steps(values, STEPS - 1 - step, STEPS - step)).flat();
    const difference = async (position: string) =>
      furthest(await answer({ position }, Float32Array.from(turn(input))), turn(await answer({ position }, input)));
    expect(await difference('none')).toBeLessThan(1e-6);
    for (const position of ['learned', 'sinusoidal', 'relative 1-D', 'relative 2-D'])
      expect(await difference(position)).toBeGreaterThan(1e-4);
  });

  it('is plain attention where the relative bias is zero', async () => {
    const input = noise(STEPS * WIDTH);
    const plain = await answer({}, input);
    const flat = { 'layers.0.attn.relative_position_bias_table': new Float32Array(2 * 17) };
    expect(furthest(await answer({ position: 'relative 1-D' }, input, flat), plain)).toBeLessThan(1e-6);
    const square = { 'layers.0.attn.relative.relative_position_bias_table': new Float32Array(2 * 25) };
    expect(furthest(await answer({ position: 'relative 2-D' }, input, square), plain)).toBeLessThan(1e-6);
  });

  it('is found as one attention, with what it looks at', () => {
    const attributes = (knobs: Knobs) => blocksOf(analysed(build(knobs)).profile.blocks, 'attention').map((block) => block.attributes);
    expect(attributes({})).toMatchObject([{ heads: 2, queries: 9, keys: 9 }]);
    expect(attributes({ causal: true })).toMatchObject([{ heads: 2, causal: true }]);
    expect(attributes({ memory: 5 })).toMatchObject([{ heads: 2, queries: 9, keys: 5, cross: true }]);
    expect(attributes({ position: 'relative 1-D' })).toMatchObject([{ heads: 2, position: 'relative bias' }]);
    expect(countKinds(analysed(build({ layers: 3, layer: 'truncated self-attention' })), 'attention')).toEqual({ attention: 3 });
    for (const layer of ['LSTM', '1-D convolution', 'lightweight convolution', 'dynamic convolution'])
      expect(attributes({ layer })).toEqual([]);
  });

  it('says which knobs do not fit', () => {
    for (const [knobs, message] of [
      [{ heads: 3 }, '3 heads do not divide a width of 8'],
      [{ layer: 'LSTM', position: 'relative 1-D' }, 'relative positions need self-attention'],
      [{ length: 10, position: 'relative 2-D' }, '10 steps do not fill a square'],
      [{ layer: 'GRU', memory: 3 }, 'a memory needs self-attention'],
      [{ causal: true, memory: 3 }, 'a memory has no order'],
      [{ layer: 'lattice' }, '"layer" takes "self-attention"'],
    ] as const) {
      expect(() => build(knobs)).toThrow(message);
    }
  });
});

interface Module {
  readonly state: Readonly<Record<string, readonly number[]>>;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Rows of gates in another order: ONNX wants those of PyTorch's `order`. */
function gates(values: readonly number[], order: readonly number[]): number[] {
  const rows = values.length / order.length;
  return order.flatMap((gate) => values.slice(gate * rows, (gate + 1) * rows));
}

describe.skipIf(!HAS_TORCH)('beside PyTorch on the same weights (apt: python3-torch)', () => {
  const script = (module: string, call: string) => `
m = ${module}
m.eval()
x = torch.randn(1, ${STEPS}, ${WIDTH})
y = ${call}
print(json.dumps({'state': {k: show(v) for k, v in m.state_dict().items()}, 'x': show(x), 'y': show(y)}))`;
  const part = (values: readonly number[] = [], index: number) =>
    values.slice((index * values.length) / 3, ((index + 1) * values.length) / 3);
  /** `in_proj` holds q, k and v; PyTorch's matrices are [out, in]. */
  const attention = (state: Module['state'], from: string, to: string) =>
    Object.fromEntries([
      ...['q_proj', 'k_proj', 'v_proj'].flatMap((name, index) => [
        [`${to}.${name}.weight`, transposed(part(state[`${from}in_proj_weight`], index), WIDTH, WIDTH)],
        [`${to}.${name}.bias`, part(state[`${from}in_proj_bias`], index)],
      ]),
      [`${to}.out_proj.weight`, transposed(state[`${from}out_proj.weight`] ?? [], WIDTH, WIDTH)],
      [`${to}.out_proj.bias`, state[`${from}out_proj.bias`] ?? []],
    ]) as Record<string, readonly number[]>;

  it('is nn.MultiheadAttention, plain and causal', async () => {
    for (const causal of [false, true]) {
      const mask = causal ? `, attn_mask=torch.triu(torch.ones(${STEPS}, ${STEPS}), 1).bool()` : '';
      const { state, x, y } = torch<Module>(
        script(
          `torch.nn.MultiheadAttention(${WIDTH}, 2, batch_first=True)`,
          `(torch.nn.init.normal_(m.in_proj_bias), m(x, x, x${mask})[0])[1]`,
        ),
      );
      const weights = attention(state, '', 'layers.0.attn');
      expect(furthest(await answer({ bias: true, causal }, x, weights), y)).toBeLessThan(1e-5);
    }
  });

  it('is nn.LSTM and nn.GRU', async () => {
    for (const [layer, order] of [
      ['LSTM', [0, 3, 1, 2]],
      ['GRU', [1, 0, 2]],
    ] as const) {
      const { state, x, y } = torch<Module>(script(`torch.nn.${layer}(${WIDTH}, ${WIDTH}, batch_first=True)`, 'm(x)[0]'));
      const weights = {
        'layers.0.weight_ih': gates(state['weight_ih_l0'] ?? [], order),
        'layers.0.weight_hh': gates(state['weight_hh_l0'] ?? [], order),
        'layers.0.bias': [...gates(state['bias_ih_l0'] ?? [], order), ...gates(state['bias_hh_l0'] ?? [], order)],
      };
      expect(furthest(await answer({ layer, bias: true }, x, weights), y)).toBeLessThan(1e-5);
    }
  });

  it('is nn.Conv1d', async () => {
    const { state, x, y } = torch<Module>(
      script(`torch.nn.Conv1d(${WIDTH}, ${WIDTH}, 3, padding=1)`, 'm(x.transpose(1, 2)).transpose(1, 2)'),
    );
    const weights = { 'layers.0.conv.weight': state['weight'] ?? [], 'layers.0.conv.bias': state['bias'] ?? [] };
    expect(furthest(await answer({ layer: '1-D convolution', bias: true }, x, weights), y)).toBeLessThan(1e-5);
  });

  it("is nn.TransformerEncoderLayer, in the Transformer's encoder", async () => {
    const { state, x, y } = torch<Module>(script(`torch.nn.TransformerEncoderLayer(${WIDTH}, 2, 24, batch_first=True)`, 'm(x)'));
    const b = new GraphBuilder({ name: 'layer' });
    const options = {
      dim: WIDTH,
      hidden: 24,
      heads: 2,
      vocabulary: 2,
      sourceLength: STEPS,
      targetLength: STEPS,
      positions: 'none',
    } as const;
    const [layer] = transformerLayers(b, options, { encoder: 1, decoder: 0 }, null).encoder;
    const input = b.input('x', ['batch', STEPS, WIDTH]);
    if (layer) b.output(layer(b, input), 'y');
    const weights = {
      ...attention(state, 'self_attn.', 'self_attn'),
      'ffn.fc1.weight': transposed(state['linear1.weight'] ?? [], 24, WIDTH),
      'ffn.fc1.bias': state['linear1.bias'] ?? [],
      'ffn.fc2.weight': transposed(state['linear2.weight'] ?? [], WIDTH, 24),
      'ffn.fc2.bias': state['linear2.bias'] ?? [],
    };
    const outputs = await runFeeds(b.build(), { x: { dims: [1, STEPS, WIDTH], data: x } }, { weights });
    expect(furthest(outputs['y'] ?? [], y)).toBeLessThan(1e-5);
  });
});
