import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkpointStructure } from '../../../src/checkpoint/structure';
import { summarise } from '../../../src/checkpoint/summary';
import { createEngine } from '../../../src/engine/engine';
import { needsModel } from '../../../src/engine/needsModel';
import type { Tensor } from '../../../src/model';
import { cli, scratch } from '../cli/support';
import { context } from './runSupport';

/** Made by the safetensors library (test/golden/safetensors.py): twelve tensors of 6 elements, one of 1, one of 0, one of 2. */
const bytes = new Uint8Array(Buffer.from(JSON.parse(readFileSync('test/golden/safetensors.json', 'utf8')).file, 'base64'));
const model = { kind: 'bytes', name: 'weights.safetensors', bytes } as const;
const NO_GRAPH = 'weights.safetensors holds 15 tensors and no graph (safetensors); this needs a model with a graph, such as ONNX.';
const files = scratch();

describe('an opened checkpoint', () => {
  const engine = createEngine();

  it('says what it holds, by type', async () => {
    const opened = await engine.open({ model }, context);
    if (opened.kind !== 'checkpoint') throw new Error(opened.kind);
    const { totals, types, model: file } = opened.checkpoint;
    expect([file.format, file.metadata['format']]).toEqual(['safetensors', 'np']);
    // 1-byte types three, 2-byte three, 4-byte three, 8-byte three; a float32 scalar, and two int64.
    expect(totals).toMatchObject({ tensors: 15, bytes: 6 * 3 * (1 + 2 + 4 + 8) + 4 + 16 });
    expect(types.reduce((sum, { elements }) => sum + Number(elements), 0)).toBe(12 * 6 + 1 + 2);
    expect(types.find(({ dtype }) => dtype === 'float32')).toEqual({ dtype: 'float32', tensors: 3, elements: 7, bytes: 28 });
    expect(types[0]).toEqual({ dtype: 'int64', tensors: 2, elements: 8, bytes: 64 });
  });

  it('of the sample vit holds the parameters that PyTorch counted', async () => {
    const { parameters, bytes } = JSON.parse(readFileSync('samples/figures.json', 'utf8')).models.vit;
    const opened = await engine.open({ model: { kind: 'file', path: 'samples/vit.safetensors' } }, context);
    expect(opened).toMatchObject({ checkpoint: { totals: { parameters, buffers: 0 }, model: { fileBytes: bytes.safetensors } } });
  });

  it('lists its tensors and tells of their values', async () => {
    const { handle } = await engine.open({ model }, context);
    const { rows } = await engine.tensors({ handle, from: 0 }, context);
    expect(rows).toHaveLength(15);
    expect(rows.find(({ name }) => name === '__proto__')).toMatchObject({ dtype: 'int64', shape: [2], bytes: 16, consumers: [] });
    expect(await engine.statistics({ handle, tensor: '__proto__' }, context)).toMatchObject({ minimum: 3, maximum: 4, mean: 3.5 });
  });

  it('says in one sentence that it has no graph, wherever one is needed', async () => {
    const opened = await engine.open({ model }, context);
    const { handle } = opened;
    const refused = { name: 'UserError', message: NO_GRAPH };
    expect(() => needsModel(opened)).toThrow(NO_GRAPH);
    await expect(engine.graph({ handle, group: '' }, context)).rejects.toMatchObject(refused);
    await expect(engine.groupsOf({ handle, node: 'n0' }, context)).rejects.toMatchObject(refused);
    await expect(engine.details({ handle, node: 'n0' }, context)).rejects.toMatchObject(refused);
    await expect(engine.latency({ model, provider: 'cpu' }, context)).rejects.toMatchObject(refused);
    await expect(engine.structure({ model }, context)).rejects.toMatchObject(refused);
    await expect(engine.diff({ before: model, after: model }, context)).rejects.toMatchObject(refused);
    await expect(engine.check({ model, limits: { macs: { max: 1 } }, folder: '.' }, context)).rejects.toMatchObject(refused);
    const image = { kind: 'file', path: 'samples/images/circle_01.png' } as const;
    await expect(engine.run({ model, image, provider: 'cpu', attention: false }, context)).rejects.toMatchObject(refused);
  });
});

describe('the command line', () => {
  const path = files.file('weights.safetensors', bytes);

  it('inspects a checkpoint as text and as JSON', async () => {
    const text = await cli('inspect', path);
    expect([text.status, text.stderr]).toEqual([0, '']);
    expect(text.stdout).toMatch(/^weights\.safetensors\n {2}format +safetensors\n/);
    expect(text.stdout).toMatch(/^ {2}tensors +15, 290.B$/m);
    expect(text.stdout).toMatch(/^ {2}float32 +3 tensors, 7 elements, /m);
    const { totals } = JSON.parse((await cli('inspect', '--json', path)).stdout);
    expect(totals).toMatchObject({ tensors: 15, bytes: 290 });
  });

  it.each([['profile'], ['textconv']])('%s says that it has no graph', async (command) => {
    const { status, stderr } = await cli(command, path);
    expect([status, stderr.includes('holds 15 tensors and no graph (safetensors)')]).toEqual([1, true]);
  });
});

it('counts past 2^53 exactly', () => {
  const tensor: Tensor = {
    name: 'w',
    dtype: 'uint8',
    shape: [2 ** 31, 2 ** 31, 3],
    storage: { kind: 'missing', reason: 'not needed' },
  };
  const checkpoint = { format: 'x', formatVersion: '1', metadata: {}, tensors: [tensor], externalFiles: [], findings: [] };
  const { types } = summarise(checkpoint, checkpointStructure(checkpoint), { name: 'x', bytes: 1 });
  expect(types[0]?.elements).toBe('13835058055282163712');
});
