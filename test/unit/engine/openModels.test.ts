import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { AnalysisStore } from '../../../src/engine/analysisStore';
import { Checkpoints } from '../../../src/engine/checkpoints';
import { createEngine } from '../../../src/engine/engine';
import { needsModel } from '../../../src/engine/needsModel';
import { OpenModels } from '../../../src/engine/openModels';
import { isGone } from '../../../src/protocol';
import { model, node, value } from '../../fixtures/onnx';
import { context } from './runSupport';

const folder = mkdtempSync(join(tmpdir(), 'model-loupe-open-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A product of `[n, 4]` with `[4, width]`: 4 n width multiply-adds. */
function product(width: number): Uint8Array {
  return model({
    nodes: [node('MatMul', ['x', 'w'], ['y'])],
    inputs: [value('x', 'float32', ['n', 4]), value('w', 'float32', [4, width])],
    outputs: [value('y', 'float32', ['n', width])],
  });
}

function file(name: string, content: Uint8Array) {
  const path = join(folder, name);
  writeFileSync(path, content);
  return { kind: 'file', path } as const;
}

describe('an opened model', () => {
  it('answers at the sizes it was opened with, whatever else was opened of its file', async () => {
    const engine = createEngine();
    const source = file('sizes.onnx', product(3));
    const two = needsModel(await engine.open({ model: { ...source, bindings: { n: 2 } } }, context));
    const five = needsModel(await engine.open({ model: { ...source, shapes: { x: [5, 4] } } }, context));
    expect([two.profile.totals.macs, five.profile.totals.macs]).toEqual([4 * 2 * 3, 4 * 5 * 3]);
    const shapes = await Promise.all(
      [two, five].map(async ({ handle }) => (await engine.details({ handle, node: 'n0' }, context)).outputs[0]?.shape),
    );
    expect(shapes).toEqual(['[2, 3]', '[5, 3]']);
    const level = await engine.graph({ handle: five.handle, group: '' }, context);
    expect(level.boxes.filter(({ kind }) => kind === 'node').map(({ title }) => title)).toEqual(['MatMul']);
  });

  it('is gone once its file has changed, and says so', async () => {
    const engine = createEngine();
    const source = file('changing.onnx', product(3));
    const { handle } = await engine.open({ model: source }, context);
    await engine.tensors({ handle, from: 0 }, context);
    writeFileSync(source.path, product(3));
    utimesSync(source.path, new Date(), new Date(Date.now() + 60_000));
    const asked = engine.tensors({ handle, from: 0 }, context);
    await expect(asked).rejects.toSatisfy(isGone);
    await expect(asked).rejects.toThrow('changing.onnx has changed since it was opened. Open it again.');
  });

  it('is gone once it is closed, to measuring too; closing it again does nothing', async () => {
    const engine = createEngine();
    const { handle } = await engine.open({ model: file('closed.onnx', product(3)) }, context);
    await engine.close({ handle }, context);
    await engine.close({ handle }, context);
    await expect(engine.graph({ handle, group: '' }, context)).rejects.toSatisfy(isGone);
    await expect(engine.latency({ model: { kind: 'open', handle }, provider: 'cpu' }, context)).rejects.toSatisfy(isGone);
  });

  it('makes room for others, the one asked least recently first', async () => {
    const store = new AnalysisStore();
    const models = new OpenModels(store, new Checkpoints(), 2);
    const source = file('room.onnx', product(3));
    const [first, second] = [await models.open(source), await models.open(source)];
    await models.get(first.handle);
    const third = await models.open(source);
    await expect(models.get(second.handle)).rejects.toSatisfy(isGone);
    expect(await Promise.all([first, third].map(({ handle }) => models.get(handle)))).toEqual([source, source]);
  });
});

describe('models that were read', () => {
  it('stay while there is room, so that a comparison of many reads each once', async () => {
    const store = new AnalysisStore();
    const sources = Array.from({ length: 40 }, (_, index) => file(`many${index}.onnx`, product(index + 1)));
    const first = await Promise.all(sources.map((source) => store.artifact(source)));
    for (const source of sources) await store.analysis(source);
    const second = await Promise.all(sources.map((source) => store.artifact(source)));
    expect(second.map((opened, index) => opened === first[index])).toEqual(sources.map(() => true));
  });

  it('go by what they hold, not by their number, and the newest stays however large it is', async () => {
    const store = new AnalysisStore(1);
    const [one, other] = [file('one.onnx', product(3)), file('other.onnx', product(3))];
    const opened = await store.artifact(one);
    expect(await store.artifact(one)).toBe(opened);
    const newer = await store.artifact(other);
    expect(await store.artifact(other)).toBe(newer);
    expect(await store.artifact(one)).not.toBe(opened);
  });

  it('are read once for requests that come at the same time, and again after a failure', async () => {
    const store = new AnalysisStore();
    const source = file('later.onnx', new Uint8Array([1, 2, 3]));
    const failed = await Promise.allSettled([store.artifact(source), store.artifact(source)]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    file('later.onnx', product(2));
    const [left, right] = await Promise.all([store.artifact(source), store.artifact(source)]);
    expect(left).toBe(right);
  });
});

describe('a model from bytes', () => {
  it('is told from another of the same name and length', async () => {
    const engine = createEngine();
    const [three, five] = [product(3), product(5)];
    expect(three.length).toBe(five.length);
    const macs = async (bytes: Uint8Array) =>
      needsModel(await engine.open({ model: { kind: 'bytes', name: 'stdin.onnx', bytes, bindings: { n: 1 } } }, context)).profile.totals
        .macs;
    expect([await macs(three), await macs(five), await macs(three)]).toEqual([4 * 3, 4 * 5, 4 * 3]);
    const compared = await engine.compare(
      { models: [three, five].map((bytes) => ({ kind: 'bytes', name: 'stdin.onnx', bytes, bindings: { n: 1 } }) as const) },
      context,
    );
    expect(compared.rows.map(({ figures }) => figures?.macs)).toEqual([4 * 3, 4 * 5]);
  });
});
