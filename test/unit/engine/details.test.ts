import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../../src/engine/engine';
import { needsModel } from '../../../src/engine/needsModel';
import { graph, localFunction, model, node, tensor, value } from '../../fixtures/onnx';

const context = { signal: new AbortController().signal, progress: () => {} };
const folder = mkdtempSync(join(tmpdir(), 'loupe-details-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** y = relu(x @ w) by a function that is called twice, and an If whose branch captures `h`. */
function calling(): string {
  const path = join(folder, 'calling.onnx');
  const layer = localFunction({
    name: 'Layer',
    domain: 'my',
    inputs: ['a', 'b'],
    outputs: ['c'],
    nodes: [node('MatMul', ['a', 'b'], ['m']), node('Relu', ['m'], ['c'])],
    opset: 21,
  });
  const branch = graph({ nodes: [node('Neg', ['h'], ['n'])], outputs: [value('n', 'float32', [2, 3])] });
  const bytes = model({
    nodes: [
      node('Layer', ['x', 'w'], ['h'], {}, { domain: 'my' }),
      node('Layer', ['h', 'v'], ['y'], {}, { domain: 'my' }),
      node('If', ['flag'], ['z'], { then_branch: branch, else_branch: branch }),
    ],
    functions: [layer],
    opset: { '': 21, my: 1 },
    initializers: [
      tensor('w', 'float32', [4, 3], new Array<number>(12).fill(0)),
      tensor('v', 'float32', [3, 5], new Array<number>(15).fill(0)),
    ],
    inputs: [value('x', 'float32', [2, 4]), value('flag', 'bool', [])],
    outputs: [value('y', 'float32', [2, 5]), value('z', 'float32', [2, 3])],
  });
  writeFileSync(path, bytes);
  return path;
}

it('extents past 2^53 keep every digit in the JSON of a tensor, and are unknown to what reads it', async () => {
  const wide = { ...tensor('wide', 'float32', [1], [0]), dims: [2n ** 53n + 1n, 3n], rawData: new Uint8Array() };
  const made = model({
    nodes: [node('Add', ['x', 'wide'], ['y'])],
    initializers: [wide],
    inputs: [value('x', 'float32', [1, 3])],
    outputs: [value('y', 'float32')],
  });
  const engine = createEngine();
  const { handle, profile } = needsModel(await engine.open({ model: { kind: 'bytes', name: 'wide.onnx', bytes: made } }, context));
  const { rows } = await engine.tensors({ handle, from: 0 }, context);
  expect(rows[0]).toMatchObject({ name: 'wide', shape: ['9007199254740993', '3'], bytes: 0 });
  expect(profile.nodes[0]?.inputs[1]).toEqual({ name: 'wide', dtype: 'float32', shape: [null, 3] });
  expect(profile.warnings.map(({ message }) => message)).toContain('Tensor "wide" has the impossible shape [9007199254740993, 3].');
  const numbers = JSON.stringify([rows, profile]).match(/\d{16,}(?![^"]*")/g) ?? [];
  expect(numbers).toEqual([]);
});

it('details and the first picture do not grow with lists and texts of the file', async () => {
  const long = 'x'.repeat(2 ** 19);
  const names = Array.from({ length: 20_000 }, (_, at) => `in${at}`);
  const attributes = Object.fromEntries(names.slice(0, 2000).map((name) => [name, 'text'.repeat(100)]));
  const made = model({
    nodes: [node('Concat', names, ['y'], { ...attributes, axis: 0, text: long }, { doc: long, metadata: { note: long } })],
    inputs: [value('x', 'float32', [1])],
    outputs: [value('y', 'float32')],
    modelMetadata: Object.fromEntries(names.slice(0, 2000).map((name) => [name, long.slice(0, 30_000)])),
  });
  const engine = createEngine();
  const shown = await engine.show({ model: { kind: 'bytes', name: 'long.onnx', bytes: made } }, context);
  if (shown.kind !== 'model') throw new Error('a model');
  const details = await engine.details({ handle: shown.handle, node: 'n0' }, context);
  expect(details.more).toEqual({ attributes: 1502, inputs: 19_500, outputs: 0 });
  expect([details.attributes.length, details.inputs.length, details.profile?.inputs.length]).toEqual([500, 500, 500]);
  expect(details.doc.length).toBe(20_000);
  expect(JSON.stringify(details).length).toBeLessThan(1_000_000);
  expect(Object.keys(shown.overview.model.metadata).length).toBe(500);
  expect(JSON.stringify(shown.overview).length).toBeLessThan(11_000_000);
});

describe('details of a node inside', async () => {
  const engine = createEngine();
  const { handle, profile } = needsModel(await engine.open({ model: { kind: 'file', path: calling() } }, context));
  const details = (id: string) => engine.details({ handle, node: id }, context);

  it('a called function are those of the call, with the shapes it has there', async () => {
    const ids = profile.nodes.map((one) => one.id);
    expect(ids).toContain('n0/n0');
    const first = await details('n0/n0');
    expect(first.op).toBe('MatMul');
    expect(first.inputs.map(({ name, shape }) => [name, shape])).toEqual([
      ['a', '[2, 4]'],
      ['b', '[4, 3]'],
    ]);
    expect(first.outputs).toEqual([{ name: 'm', dtype: 'float32', shape: '[2, 3]', tensor: '', nodes: ['n0/n1'] }]);
    const second = await details('n1/n1');
    expect(second.inputs).toEqual([{ name: 'm', dtype: 'float32', shape: '[2, 5]', tensor: '', nodes: ['n1/n0'] }]);
  });

  it('a branch know where a captured value comes from', async () => {
    const { inputs, outputs } = await details('n2/then_branch/n0');
    expect(inputs).toEqual([{ name: 'h', dtype: 'float32', shape: '[2, 3]', tensor: '', nodes: ['n0'] }]);
    expect(outputs).toEqual([{ name: 'n', dtype: 'float32', shape: '[2, 3]', tensor: '', nodes: [] }]);
  });

  it('no model are refused in one sentence', async () => {
    await expect(details('n9/n0')).rejects.toThrow('The model has no node n9/n0.');
  });

  it('every node of the profile can be asked for', async () => {
    for (const { id, op } of profile.nodes) expect((await details(id)).op).toBe(op);
  });
});

it('list an output once that a node writes 20,000 times and 20,000 nodes read', { timeout: 120_000 }, async () => {
  const engine = createEngine();
  const many = Array.from({ length: 20_000 }, (_, i) => `v${i}`);
  const nodes = [
    node(
      'Split',
      ['x'],
      many.map(() => 's'),
    ),
    ...many.map((name) => node('Relu', ['s'], [name])),
  ];
  const bytes = model({ inputs: [value('x', 'float32', [4])], outputs: [value('v0', 'float32')], nodes });
  const { handle } = needsModel(await engine.open({ model: { kind: 'bytes', name: 'm.onnx', bytes } }, context));
  const { outputs } = await engine.details({ handle, node: 'n0' }, context);
  expect(outputs.map(({ name, nodes: readers }) => [name, readers.length])).toEqual([['s', 20_000]]);
});
