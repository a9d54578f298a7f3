import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needsModel } from '../../../src/engine/needsModel';
import { EngineProcess } from '../../../src/engine/process';
import { CANCELLED } from '../../../src/protocol';
import { model, node, tensor, value } from '../../fixtures/onnx';

/** Many steps of an analysis, none of them long: no image side fits, so one after the other is tried. */
function misfit(nodes: number) {
  const chain = Array.from({ length: nodes }, (_, i) => node('Relu', [i === 0 ? 'image' : `v${i - 1}`], [`v${i}`]));
  return model({
    inputs: [value('image', 'float32', [1, 3, 'height', 'width']), value('seven', 'float32', [1, 7])],
    outputs: [value('y', 'float32')],
    initializers: [tensor('flat', 'int64', [2], [1, -1])],
    nodes: [...chain, node('Reshape', ['image', 'flat'], ['row']), node('Concat', ['row', 'seven'], ['y'], { axis: 0 })],
  });
}

describe('a running analysis', () => {
  // Beside node_modules, so that the bundle finds the native packages.
  const module = resolve('node_modules', '.cache', 'model-loupe', `engine-${process.pid}.cjs`);
  let engine: EngineProcess;
  beforeAll(async () => {
    await build({
      entryPoints: ['src/engine/main.ts'],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile: module,
      external: ['onnxruntime-node', 'sharp'],
      logLevel: 'error',
    });
    // Long enough that only the request's own end can end it.
    engine = new EngineProcess({ module, log: () => {}, cancelGrace: 600_000 });
  });
  afterAll(() => {
    engine?.dispose();
    rmSync(module, { force: true });
  });

  it('ends when its request is cancelled, without the end of its process', async () => {
    const small = { kind: 'bytes', name: 'small.onnx', bytes: misfit(3) } as const;
    await engine.api.open({ model: small });
    const before = engine.pid;
    const controller = new AbortController();
    const large = { kind: 'bytes', name: 'large.onnx', bytes: misfit(6000) } as const;
    const cancelled = engine.api.open({ model: large }, { signal: controller.signal, onProgress: () => controller.abort() });
    await expect(cancelled).rejects.toMatchObject({ kind: CANCELLED });
    expect(engine.pid).toBe(before);
    expect(needsModel(await engine.api.open({ model: small })).profile.nodes).toHaveLength(5);
    expect(engine.pid).toBe(before);
  });

  it('hands over fifty names of a million characters, each said in many places', { timeout: 240_000 }, async () => {
    const names = Array.from({ length: 50 }, (_, i) => `${i}`.padEnd(1_000_000, 'x'));
    const nodes = names.map((name, i) => node('Relu', [names[i - 1] ?? 'x'], [name], {}, { name }));
    const bytes = model({ inputs: [value('x', 'float32', [4])], outputs: [value(names[49] ?? '', 'float32')], nodes });
    const { handle, profile } = needsModel(await engine.api.open({ model: { kind: 'bytes', name: 'long.onnx', bytes } }));
    expect(profile.nodes.map(({ outputs }) => outputs[0]?.name)).toEqual(names);
    expect((await engine.api.graph({ handle, group: '' })).boxes).toHaveLength(52);
  });
});
