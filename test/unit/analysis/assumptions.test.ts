import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/analysis/assemble';
import type { BindingRequest } from '../../../src/analysis/bindings';
import { model as file, value as input, node, tensor } from '../../fixtures/onnx';
import { type GraphSpec, integers, model, value, weight } from './models';

function profile(spec: GraphSpec, request?: BindingRequest) {
  return analyse(model(spec), { name: 'model.onnx', bytes: 1 }, request).profile;
}

const numbers = ({ bindings }: ReturnType<typeof profile>) =>
  Object.fromEntries(Object.entries(bindings).map(([name, { value: of }]) => [name, of]));

/** 256 samples a window, every 64. */
const spectrum: GraphSpec = {
  inputs: [value('sound', 'float32', ['batch', 'sequence', 1])],
  outputs: ['y'],
  initializers: [weight('w', [256]), integers('step', [64], [])],
  nodes: [{ op: 'STFT', inputs: ['sound', 'step', 'w'], outputs: ['y'] }],
};

/** Input [steps, batch, 8] and state [1, batch, 16] of an LSTM. */
const lstm = (x: readonly (number | null)[], h: readonly (number | null)[]): GraphSpec => ({
  inputs: [value('x', 'float32', x), value('h', 'float32', h), value('c', 'float32', h)],
  outputs: ['y', 'hn', 'cn'],
  initializers: [weight('w', [1, 64, 8]), weight('r', [1, 64, 16])],
  nodes: [{ op: 'LSTM', inputs: ['x', 'w', 'r', '', '', 'h', 'c'], outputs: ['y', 'hn', 'cn'], attributes: { hidden_size: 16 } }],
});

describe('what is assumed of free dimensions', () => {
  it('gives a window the samples that it needs', () => {
    const found = profile(spectrum);
    expect(numbers(found)['batch']).toBe(1);
    expect(Number(numbers(found)['sequence'])).toBeGreaterThanOrEqual(256);
    expect(found.warnings).toEqual([]);
    expect(found.lowerBounds).toEqual([]);
    expect(Number(found.totals.flops)).toBeGreaterThan(0);
  });

  it('is one batch for a recurrent layer and its states: 128 steps of 4*16 units over 8 + 16', () => {
    const found = profile(lstm([null, null, 8], [null, null, 16]));
    expect(numbers(found)).toEqual({ 'x.0': 128, 'x.1': 1, 'h.0': 1, 'h.1': 1, 'c.0': 1, 'c.1': 1 });
    expect(found.totals.macs).toBe(128 * 4 * 16 * (8 + 16));
    expect(found.warnings).toEqual([]);
  });

  it('agrees where the state comes to its layer in a roundabout way, as in Silero VAD', () => {
    const found = profile({
      inputs: [value('x', 'float32', [1, 1, 8]), value('state', 'float32', [2, null, 16])],
      outputs: ['y'],
      initializers: [
        weight('w', [1, 64, 8]),
        weight('r', [1, 64, 16]),
        integers('first', [0]),
        integers('second', [1]),
        integers('end', [2]),
      ],
      nodes: [
        { op: 'Slice', inputs: ['state', 'first', 'second', 'first'], outputs: ['h'] },
        { op: 'Slice', inputs: ['state', 'second', 'end', 'first'], outputs: ['c'] },
        { op: 'LSTM', inputs: ['x', 'w', 'r', '', '', 'h', 'c'], outputs: ['y'], attributes: { hidden_size: 16 } },
      ],
    });
    expect(numbers(found)).toEqual({ 'state.1': 1 });
    expect(found.warnings).toEqual([]);
  });

  it('is named as the cause where nothing fits', () => {
    const { warnings } = profile({
      inputs: [value('x', 'float32', ['clips', 3, 4, 'width'])],
      outputs: ['y'],
      initializers: [weight('w', [8, 3, 7, 7])],
      nodes: [{ op: 'Conv', inputs: ['x', 'w'], outputs: ['y'] }],
    });
    expect(warnings[0]?.message).toMatch(/7.*4.*This may come from a size that was assumed: clips = \d+, width = \d+\.$/);
  });

  it('never replaces what was asked for, and is no cause of its misfits', () => {
    const found = profile(spectrum, { bindings: { sequence: 100, batch: 2 } });
    expect(numbers(found)).toEqual({ batch: 2, sequence: 100 });
    expect(found.warnings.map(({ code }) => code)).toContain('window');
    expect(found.warnings.map(({ message }) => message).join()).not.toContain('assumed');
  });
});

describe('initial states of recurrent layers', () => {
  const of = (batch: number) =>
    file({
      nodes: [node('GRU', ['x', 'w', 'r', '', '', 'h'], ['y'], { hidden_size: 4 })],
      inputs: [input('x', 'float32', [3, 2, 5]), input('h', 'float32', [1, batch, 4])],
      outputs: [input('y', 'float32', ['a', 'b', 'c', 'd'])],
      initializers: [
        tensor('w', 'float32', [1, 12, 5], new Array<number>(60).fill(0.1)),
        tensor('r', 'float32', [1, 12, 4], new Array<number>(48).fill(0.1)),
      ],
      opset: 17,
      ir: 8,
    });
  const run = async (batch: number) => {
    const session = await InferenceSession.create(of(batch), { logSeverityLevel: 4 });
    try {
      return await session.run({
        x: new Tensor('float32', new Float32Array(30), [3, 2, 5]),
        h: new Tensor('float32', new Float32Array(4 * batch), [1, batch, 4]),
      });
    } finally {
      await session.release();
    }
  };
  const warnings = (batch: number) =>
    profile({
      inputs: [value('x', 'float32', [3, 2, 5]), value('h', 'float32', [1, batch, 4])],
      outputs: ['y'],
      initializers: [weight('w', [1, 12, 5]), weight('r', [1, 12, 4])],
      nodes: [{ op: 'GRU', inputs: ['x', 'w', 'r', '', '', 'h'], outputs: ['y'], attributes: { hidden_size: 4 } }],
    }).warnings;

  it('must have the batch of their input, as in ONNX Runtime', async () => {
    await expect(run(2)).resolves.toBeDefined();
    await expect(run(3)).rejects.toThrow();
    expect(warnings(2)).toEqual([]);
    expect(warnings(3)).toMatchObject([{ code: 'state', message: expect.stringContaining('"h" is [1, 3, 4], and [1, 2, 4] is needed') }]);
  });
});
