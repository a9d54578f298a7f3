import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createEngine } from '../../../src/engine/engine';
import { model, node, value } from '../../fixtures/onnx';
import { context } from './runSupport';

const engine = createEngine();
const folder = mkdtempSync(join(tmpdir(), 'latency-reference-'));
// What tmpdir() answers on each system.
beforeAll(() => {
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, folder);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});
const models = () => readdirSync(folder).filter((name) => name.startsWith('model-loupe-built-'));

describe('the latency of reference systems', () => {
  const layer = { kind: 'architecture', family: 'SequenceLayer', variant: 'self-attention', knobs: { length: 16 } } as const;

  it('is measured on a file with seeded weights that is removed afterwards', async () => {
    const stages = new Set<string>();
    let during = 0;
    const progress = ({ stage }: { readonly stage: string }) => {
      stages.add(stage);
      if (stage === 'measure') during = models().length;
    };
    const report = await engine.latency({ model: layer, provider: 'cpu', runs: 3 }, { ...context, progress });
    expect(report).toMatchObject({ provider: 'cpu', runs: 3 });
    expect(report.inputs).toEqual([{ name: 'x', dtype: 'float32', shape: [1, 16, 512] }]);
    expect(report.wallMilliseconds.median).toBeGreaterThan(0);
    expect([...stages]).toContain('build');
    expect(during).toBe(1);
    expect(models()).toEqual([]);
  });

  it('leaves nothing behind when it is cancelled', async () => {
    const controller = new AbortController();
    const progress = ({ stage }: { readonly stage: string }) => stage === 'measure' && controller.abort();
    await expect(
      engine.latency({ model: layer, provider: 'cpu', runs: 500 }, { signal: controller.signal, progress }),
    ).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(models()).toEqual([]);
  });

  it('is refused in one sentence where the weights do not fit a file', async () => {
    const large = { kind: 'architecture', variant: 'CoAtNet-7 @512' } as const;
    await expect(engine.latency({ model: large, provider: 'cpu', runs: 1 }, context)).rejects.toMatchObject({
      name: 'LimitError',
      message: 'CoAtNet-7 @512 cannot be measured: with weights it is larger than the 2.1 GB that an ONNX file in one piece holds.',
    });
  });
});

it('a model to compare is measured at the sizes it carries', async () => {
  const bytes = model({
    inputs: [value('x', 'float32', ['n', 4])],
    outputs: [value('y', 'float32', ['n', 4])],
    nodes: [node('Relu', ['x'], ['y'])],
  });
  const report = await engine.latency(
    { model: { kind: 'bytes', name: 'relu.onnx', bytes, bindings: { n: 9 } }, provider: 'cpu', runs: 1 },
    context,
  );
  expect(report.inputs.map(({ shape }) => shape)).toEqual([[9, 4]]);
});
