import { describe, expect, it } from 'vitest';
import { graph, localFunction, type ModelSpec, model, node, tensor, value } from '../../../fixtures/onnx';
import { open } from '../support';

const X = value('x', 'float32', [1]);
const Y = value('y', 'float32', [1]);

async function findings(spec: ModelSpec) {
  return (await open(model({ inputs: [X], outputs: [Y], ...spec }))).findings;
}

describe('a model against the rules of its graph', () => {
  it('a cycle names a node on it, not one behind it', async () => {
    const nodes = [
      node('Relu', ['c'], ['y'], {}, { name: 'behind' }),
      node('Add', ['x', 'b'], ['a'], {}, { name: 'first' }),
      node('Neg', ['a'], ['b'], {}, { name: 'second' }),
      node('Abs', ['b'], ['c'], {}, { name: 'after' }),
    ];
    const found = await findings({ nodes });
    expect(found).toMatchObject([{ severity: 'error', code: 'cycle', node: expect.stringMatching(/^n[12]$/) }]);
    expect(found[0]?.message).toMatch(/"(first|second)" is on a cycle/);
  });

  it('a node that reads its own output is a cycle', async () => {
    expect(await findings({ nodes: [node('Add', ['x', 'y'], ['y'])] })).toMatchObject([{ code: 'cycle', node: 'n0' }]);
  });

  it('a cycle through a subgraph is found', async () => {
    const branch = graph({ nodes: [node('Neg', ['b'], ['t'])], outputs: [value('t', 'float32', null)] });
    const nodes = [
      node('If', ['x'], ['a'], { then_branch: branch, else_branch: branch }),
      node('Relu', ['a'], ['b']),
      node('Relu', ['b'], ['y']),
    ];
    expect(await findings({ nodes })).toMatchObject([{ code: 'cycle', node: expect.stringMatching(/^n[01]$/) }]);
  });

  it('nodes out of order without a cycle are a warning', async () => {
    const found = await findings({ nodes: [node('Relu', ['a'], ['y']), node('Relu', ['x'], ['a'])] });
    expect(found).toEqual([{ code: 'order', node: 'n0', message: expect.stringContaining('Relu n0 is listed before') }]);
  });

  it('an input nobody produces names node and value', async () => {
    const found = await findings({ nodes: [node('Add', ['x', 'ghost', ''], ['y'], {}, { name: 'sum' })] });
    expect(found).toEqual([
      { severity: 'error', code: 'missing-input', node: 'n0', message: 'Add "sum" reads "ghost", which nothing produces.' },
    ]);
  });

  it('the same within a subgraph, where outer values and inputs count as produced', async () => {
    const body = (read: string) =>
      graph({
        inputs: [value('i', 'int64', []), value('c', 'bool', [])],
        nodes: [node('Add', [read, 'i'], ['s'], {}, { name: 'inside' })],
        outputs: [value('c', 'bool', []), value('s', 'float32', null)],
      });
    const loop = (read: string) => [node('Relu', ['x'], ['outer']), node('Loop', ['', ''], ['y'], { body: body(read) })];
    expect(await findings({ nodes: loop('outer') })).toEqual([]);
    expect(await findings({ nodes: loop('ghost') })).toMatchObject([
      { severity: 'error', code: 'missing-input', node: 'n1/body/n0', message: 'Add "inside" reads "ghost", which nothing produces.' },
    ]);
  });

  it("a subgraph's own values are not seen from outside", async () => {
    const branch = graph({ nodes: [node('Neg', ['x'], ['t'])], outputs: [value('t', 'float32', null)] });
    const nodes = [node('If', ['x'], ['a'], { then_branch: branch, else_branch: branch }), node('Relu', ['t'], ['y'])];
    expect(await findings({ nodes })).toMatchObject([{ code: 'missing-input', node: 'n1' }]);
  });

  it('a branch may hand on a value from around it', async () => {
    const branch = (name: string) => graph({ outputs: [value(name, 'float32', null)] });
    const nodes = (name: string) => [node('If', ['x'], ['y'], { then_branch: branch('x'), else_branch: branch(name) }, { name: 'if' })];
    expect(await findings({ nodes: nodes('x') })).toEqual([]);
    expect(await findings({ nodes: nodes('ghost') })).toMatchObject([{ severity: 'error', code: 'missing-input', node: 'n0' }]);
  });

  it('an output nobody produces', async () => {
    const found = await findings({ nodes: [node('Relu', ['x'], ['z'])] });
    expect(found).toEqual([
      { severity: 'error', code: 'missing-output', message: 'The model has the output "y", which nothing produces.' },
    ]);
  });

  it('a value made twice names the second maker and the first', async () => {
    const nodes = [node('Relu', ['x'], ['y'], {}, { name: 'one' }), node('Neg', ['x'], ['y'], {}, { name: 'two' })];
    expect(await findings({ nodes })).toEqual([
      { severity: 'error', code: 'duplicate-value', node: 'n1', message: 'Neg "two" makes "y", which Relu "one" already makes.' },
    ]);
  });

  it('a value made by a node and given by an input or initialiser', async () => {
    const found = await findings({
      nodes: [node('Relu', ['x'], ['x']), node('Relu', ['x'], ['w']), node('Relu', ['x'], ['y'])],
      initializers: [tensor('w', 'float32', [], [1])],
    });
    expect(found.map(({ code, node: id }) => [code, id])).toEqual([
      ['duplicate-value', 'n0'],
      ['duplicate-value', 'n1'],
    ]);
  });

  it('two inputs or two initialisers of one name, but not an input with its default', async () => {
    const nodes = [node('Add', ['x', 'w'], ['y'])];
    const w = tensor('w', 'float32', [], [1]);
    expect(await findings({ nodes, inputs: [X, value('w', 'float32', [])], initializers: [w] })).toEqual([]);
    expect(await findings({ nodes, inputs: [X, X], initializers: [w] })).toMatchObject([{ code: 'duplicate-value' }]);
    expect(await findings({ nodes, initializers: [w, w] })).toMatchObject([{ code: 'duplicate-value' }]);
  });

  it('an operator set that is not imported, in graphs, subgraphs and functions', async () => {
    const branch = graph({ nodes: [node('Magic', ['x'], ['t'], {}, { domain: 'inner' })], outputs: [value('t', 'float32', null)] });
    const found = await findings({
      opset: { '': 21, f: 1 },
      nodes: [node('If', ['x'], ['y'], { then_branch: branch, else_branch: branch }), node('F', ['x'], ['z'], {}, { domain: 'f' })],
      functions: [localFunction({ name: 'F', domain: 'f', inputs: ['a'], outputs: ['b'], nodes: [node('Neg', ['a'], ['b'])], opset: {} })],
    });
    expect(found.map(({ code, message }) => [code, message])).toEqual([
      ['opset-missing', 'The model does not import an operator set for inner, which Magic n0/then_branch/n0 needs.'],
      ['opset-missing', 'Function F does not import an operator set for ai.onnx, which Neg f:f:F:/n0 needs.'],
    ]);
  });

  it("a function's body sees nothing but its inputs", async () => {
    const body = localFunction({ name: 'F', domain: 'f', inputs: ['a'], outputs: ['b', 'c'], nodes: [node('Add', ['a', 'x'], ['b'])] });
    const found = await findings({ opset: { '': 21, f: 1 }, nodes: [node('F', ['x'], ['y'], {}, { domain: 'f' })], functions: [body] });
    expect(found.map(({ code }) => code)).toEqual(['missing-output', 'missing-input']);
  });

  it('functions that call themselves by way of each other, and functions defined twice', async () => {
    const calling = (name: string, other: string) =>
      localFunction({
        name,
        domain: 'f',
        inputs: ['a'],
        outputs: ['b'],
        nodes: [node(other, ['a'], ['b'], {}, { domain: 'f' })],
        opset: { '': 21, f: 1 },
      });
    const opset = { '': 21, f: 1 };
    const nodes = [node('A', ['x'], ['y'], {}, { domain: 'f' })];
    const found = await findings({ opset, nodes, functions: [calling('A', 'B'), calling('B', 'C'), calling('C', 'B')] });
    expect(found).toMatchObject([{ severity: 'error', code: 'recursive-function', message: expect.stringMatching(/^Function [BC] /) }]);
    expect(await findings({ opset, nodes, functions: [calling('A', 'Neg'), calling('A', 'Neg')] })).toMatchObject([
      { code: 'duplicate-function' },
    ]);
  });

  it('a chain of 100,000 nodes in reverse is checked', async () => {
    const count = 100_000;
    const nodes = Array.from({ length: count }, (_, index) => node('Relu', [`v${index}`], [`v${index + 1}`])).reverse();
    const bytes = model({ inputs: [value('v0', 'float32', [1])], outputs: [value(`v${count}`, 'float32', [1])], nodes });
    const { findings: found } = await open(bytes);
    expect(found.map(({ code }) => code)).toEqual(['order']);
  });
});
