import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../src/engine/engine';
import { needsModel } from '../../../src/engine/needsModel';
import type { LatencyReport, ModelSource, Profile } from '../../../src/protocol';
import { formatByteRate, formatMacRate, formatMicroseconds, Measured } from '../../../src/report/measured';
import { model, node, value } from '../../fixtures/onnx';
import { context } from './runSupport';

const engine = createEngine();
const sample: ModelSource = { kind: 'file', path: 'samples/hybrid.onnx' };

function made(name: string, bytes: Uint8Array): ModelSource {
  return { kind: 'bytes', name, bytes };
}

describe('latency', () => {
  it('reports kernels on nodes, without losing time, and blocks add up to the model', async () => {
    const stages: string[] = [];
    const progress = ({ stage }: { readonly stage: string }) => stages.push(stage);
    const report = await engine.latency({ model: sample, provider: 'cpu', runs: 4 }, { ...context, progress });
    const { profile } = needsModel(await engine.open({ model: sample }, context));
    expect(report).toMatchObject({ schema: 1, provider: 'cpu', providerNote: '', runs: 4, unmapped: [] });
    expect(report.inputs).toEqual([{ name: 'image', dtype: 'float32', shape: [1, 3, 64, 64] }]);
    expect(new Set(stages)).toEqual(new Set(['session', 'measure', 'machine']));
    const kernels = report.kernels.reduce((sum, { microseconds }) => sum + microseconds, 0);
    expect(report.nodes.reduce((sum, { microseconds }) => sum + microseconds, 0)).toBeCloseTo(kernels, 6);
    const measured = new Measured(report, profile);
    expect(measured.sum(profile.nodes.map(({ id }) => id))?.microseconds).toBeCloseTo(kernels, 6);
    // 9,250,944 multiply-adds by samples/figures.json, which PyTorch counted.
    const total = measured.total();
    expect(((total.macsPerSecond ?? 0) * total.microseconds) / 1e6).toBeCloseTo(9_250_944, 0);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('runs at the sizes that were asked for', async () => {
    const report = await engine.latency({ model: { ...sample, shapes: { image: [3, 3, 64, 64] } }, provider: 'cpu', runs: 1 }, context);
    expect(report.inputs).toEqual([{ name: 'image', dtype: 'float32', shape: [3, 3, 64, 64] }]);
  });

  it('feeds integers with indices that are valid', async () => {
    const bytes = model({
      nodes: [node('Gather', ['table', 'ids'], ['y'])],
      inputs: [value('table', 'float32', [5, 2]), value('ids', 'int64', ['n'])],
      outputs: [value('y', 'float32', ['n', 2])],
    });
    const report = await engine.latency(
      { model: { ...made('gather.onnx', bytes), bindings: { n: 3 } }, provider: 'cpu', runs: 1 },
      context,
    );
    expect(report.nodes.map(({ id, macsPerSecond, roofline }) => [id, macsPerSecond, roofline])).toEqual([['n0', null, null]]);
  });

  it('is cancelled between runs', async () => {
    const controller = new AbortController();
    const progress = ({ stage }: { readonly stage: string }) => stage === 'measure' && controller.abort();
    const running = engine.latency({ model: sample, provider: 'cpu', runs: 500 }, { signal: controller.signal, progress });
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  });

  it.each([
    [
      'a model that cannot run',
      made(
        'odd.onnx',
        model({ nodes: [node('Nothing', ['x'], ['y'])], inputs: [value('x', 'float32', [1])], outputs: [value('y', 'float32', [1])] }),
      ),
      {},
      /^odd\.onnx uses the operator .*Nothing.*\.$/,
    ],
    ['no number of runs', sample, { runs: 0 }, /^0 is no number of runs/],
    ['a provider nobody knows', sample, { provider: 'abacus' }, /no execution provider "abacus"/],
  ])('tells of %s in one sentence', async (_what, source, over, message) => {
    const failed = engine.latency({ model: source, provider: 'cpu', ...over }, context);
    await expect(failed).rejects.toMatchObject({ name: 'UserError', message: expect.stringMatching(message) });
  });
});

describe('Measured', () => {
  const report = {
    nodes: [
      { id: 'n0', microseconds: 100, kernels: ['a'], macsPerSecond: 1e9, roofline: 0.5 },
      { id: 'n1', microseconds: 0, kernels: ['a'], macsPerSecond: null, roofline: null },
    ],
    kernels: [
      { name: 'a', op: 'Conv', provider: '', microseconds: 100, nodes: ['n0', 'n1'], layout: false },
      { name: 'b', op: 'Odd', provider: '', microseconds: 50, nodes: [], layout: false },
    ],
  } as unknown as LatencyReport;
  const profile = {
    nodes: [
      { id: 'n0', macs: 100_000 },
      { id: 'n1', macs: 0 },
      { id: 'n2', macs: 7 },
    ],
  } as unknown as Profile;
  const measured = new Measured(report, profile);

  it('adds up nodes once, and tells nothing measured from no time', () => {
    expect(measured.sum(['n0', 'n1', 'n0'])).toEqual({ microseconds: 100, macsPerSecond: 1e9 });
    expect(measured.sum(['n1'])).toEqual({ microseconds: 0, macsPerSecond: null });
    expect(measured.sum(['n2'])).toBeNull();
    expect(measured.total().microseconds).toBe(150);
  });

  it('writes times and rates', () => {
    expect([0, 18, 999.6, 21_400, 1.2e6].map(formatMicroseconds)).toEqual([
      '0\u2009µs',
      '18.0\u2009µs',
      '1.00\u2009ms',
      '21.4\u2009ms',
      '1.20\u2009s',
    ]);
    expect([formatMacRate(83e9), formatMacRate(null), formatMacRate(12)]).toEqual(['83.0\u2009GMAC/s', '–', '12\u2009MAC/s']);
    expect(formatByteRate(7.39e9)).toBe('7.39\u2009GB/s');
  });
});
