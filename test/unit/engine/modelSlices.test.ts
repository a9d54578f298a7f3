import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../src/engine/engine';
import { blockSlice, nodeSlice, overviewOf, tensorSlice } from '../../../src/engine/modelSlices';
import { needsModel } from '../../../src/engine/needsModel';
import type { BlockRow, Profile, Progress, Slice, TensorRow } from '../../../src/protocol';
import { blockTree } from '../../../webview/model/profileIndex';
import { encoder } from '../../fixtures/encoder';
import { model, node, value } from '../../fixtures/onnx';

const context = { signal: new AbortController().signal, progress: () => {} };

async function profileOf(bytes: Uint8Array): Promise<Profile> {
  return needsModel(await createEngine().open({ model: { kind: 'bytes', name: 'model.onnx', bytes } }, context)).profile;
}

/** All slices of a list, as the view asks for them. */
function all<Row>(ask: (from: number) => Slice<Row>): { readonly rows: readonly Row[]; readonly slices: readonly Slice<Row>[] } {
  const slices: Slice<Row>[] = [];
  for (let from: number | null = 0; from !== null; ) {
    const slice: Slice<Row> = ask(from);
    slices.push(slice);
    from = slice.next;
  }
  return { rows: slices.flatMap(({ rows }) => rows), slices };
}

const MEGABYTE = 2 ** 20;
const size = (message: unknown) => JSON.stringify(message).length;

describe('a profile in slices', () => {
  it('comes to the same nodes and blocks as the profile itself', async () => {
    const profile = await profileOf(encoder(12));
    const nodes = all((from) => nodeSlice(profile, from)).rows;
    const blocks = all((from) => blockSlice(profile, from)).rows;
    expect(nodes.map(({ id }) => id)).toEqual(profile.nodes.map(({ id }) => id));
    for (const [place, row] of nodes.entries()) expect(profile.nodes[place]).toMatchObject(row);
    expect(blockTree(blocks, nodes)).toEqual(profile.blocks);
    expect(blocks.length).toBeGreaterThan(12);
    const { lengths } = overviewOf(profile, []);
    expect(lengths).toEqual({ nodes: nodes.length, blocks: blocks.length });
  });

  it('keeps every message below two megabytes, however many nodes there are and however long their names', async () => {
    const profile = await profileOf(encoder(3));
    const [first] = profile.nodes;
    if (!first) throw new Error('no node');
    const nodes = Array.from({ length: 60_000 }, (_, place) => ({ ...first, id: `n${place}`, name: 'x'.repeat(place % 300) }));
    const { rows, slices } = all((from) => nodeSlice({ nodes }, from));
    expect(rows).toHaveLength(60_000);
    for (const slice of slices) expect(size(slice)).toBeLessThan(2 * MEGABYTE);
    const block = { ...profile.blocks[0], id: 'b', nodes: nodes.filter((_, place) => place % 2 === 0).map(({ id }) => id), children: [] };
    const scattered = all((from) => blockSlice({ nodes, blocks: Array(6).fill(block) }, from));
    expect(scattered.rows).toHaveLength(6);
    for (const slice of scattered.slices) expect(size(slice)).toBeLessThan(2 * MEGABYTE);
    const restored = blockTree(scattered.rows, rows);
    expect(restored.map((one) => one.nodes)).toEqual(Array(6).fill(block.nodes));
  });

  it('does not go down with the depth that a file gives its blocks, and gives every block at least one slice', () => {
    const leaf = { id: '', kind: 'scope', label: '', repeat: 1, attributes: {}, totals: {}, nodes: ['n0'], children: [] };
    let deep = { ...leaf, id: 'b0' };
    for (let depth = 1; depth < 20_000; depth++) deep = { ...leaf, id: `b${depth}`, children: [deep] } as unknown as typeof deep;
    const profile = { nodes: [{ id: 'n0' }], blocks: [deep] } as unknown as Profile;
    const { rows } = all((from) => blockSlice(profile, from));
    expect(rows.map(({ depth }) => depth)).toEqual(Array.from({ length: 20_000 }, (_, depth) => depth));
  });

  it('lets go of what lies outside the list, whoever asks', () => {
    const row = { name: 'w', consumers: [] as string[] } as unknown as TensorRow;
    expect(tensorSlice([row], 5)).toEqual({ rows: [], next: null });
    expect(tensorSlice([row], -3)).toEqual({ rows: [row], next: null });
    expect(tensorSlice([], 0)).toEqual({ rows: [], next: null });
    const wild = [{ id: 'b', kind: 'stage', label: '', repeat: 1, attributes: {}, totals: {}, depth: 7, runs: [4, 1e9, -2, 3] }];
    expect(blockTree(wild as unknown as BlockRow[], []).map(({ nodes }) => nodes)).toEqual([[]]);
  });
});

describe('what an editor shows first', () => {
  it('holds the whole model’s level, the groups asked for that there are, and figures of the profile', async () => {
    const engine = createEngine();
    const source = { kind: 'bytes', name: 'encoder.onnx', bytes: encoder(6) } as const;
    const { profile } = needsModel(await engine.open({ model: source }, context));
    const root = needsModel(await engine.show({ model: source }, context));
    const group = root.overview.levels[0]?.boxes.find(({ kind }) => kind === 'group')?.id ?? '';
    const { handle, overview } = needsModel(await engine.show({ model: source, groups: [group, 'nowhere', 'toString'] }, context));
    expect(overview.levels.map((level) => level.group)).toEqual(['', group]);
    expect(overview.totals).toEqual(profile.totals);
    expect(overview.weightType).toBe('float32');
    expect(overview.attentionBlocks).toBe(6);
    expect((await engine.nodeRows({ handle, from: 0 }, context)).rows.length).toBe(profile.nodes.length);
    expect((await engine.groupsOf({ handle, node: group }, context)).length).toBeGreaterThan(0);
  });

  it('counts what it leaves out: findings and kinds of operators beyond those that can be read', () => {
    const warnings = Array.from({ length: 1000 }, (_, place) => ({
      code: 'x',
      message: `finding ${place}`,
      ...(place === 700 ? { severity: 'error' as const } : {}),
    }));
    const notCounted = Array.from({ length: 5000 }, (_, place) => ({ node: `n${place}`, op: `Op${place % 250}`, reason: '' }));
    const profile = { model: { metadata: {} }, nodes: [], blocks: [], warnings, notCounted } as unknown as Profile;
    const overview = overviewOf(profile, []);
    expect(overview.warnings[0]?.message).toBe('finding 700');
    expect(overview.warnings.length + overview.moreWarnings).toBe(1000);
    expect(overview.notCounted.length + overview.moreNotCounted).toBe(250);
    expect(overview.uncounted).toBe(5000);
    expect(overview.notCounted[0]).toEqual({ op: 'Op0', count: 20, node: 'n0' });
    expect(size(overview)).toBeLessThan(MEGABYTE);
  });

  it('tells how much of the file is read, then what is done with how many operators, in order', async () => {
    const told: Progress[] = [];
    const bytes = encoder(40);
    const source = { kind: 'bytes', name: 'encoder.onnx', bytes } as const;
    await createEngine().show({ model: source }, { ...context, progress: (progress) => told.push(progress) });
    expect([...new Set(told.map(({ stage }) => stage))]).toEqual(['read', 'shapes', 'costs', 'memory', 'blocks', 'assemble', 'fold']);
    expect(told[0]?.amount).toEqual({ unit: 'bytes', done: 0, of: bytes.length });
    const nodes = told.find(({ stage }) => stage === 'shapes')?.amount;
    expect(nodes?.of).toBe(told.find(({ stage }) => stage === 'blocks')?.amount?.of);
    expect(nodes?.unit).toBe('operators');
  });

  it('begins at the end where one who waits joins work that is under way', async () => {
    const engine = createEngine();
    const source = {
      kind: 'bytes',
      name: 'relu.onnx',
      bytes: model({ nodes: [node('Relu', ['x'], ['y'])], inputs: [value('x', 'float32', [1])], outputs: [value('y', 'float32', [1])] }),
    } as const;
    const [, shown] = await Promise.all([engine.prepare({ model: source }, context), engine.show({ model: source }, context)]);
    expect(needsModel(shown).overview.lengths.nodes).toBe(1);
  });
});
