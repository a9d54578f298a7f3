import { describe, expect, it } from 'vitest';
import { inferShapes } from '../../../../src/analysis/shapes';
import type { Shape } from '../../../../src/model';
import { definition, graph, integers, model, value, weight } from '../models';

type Result = ReturnType<typeof inferShapes>;

function shapeOf(result: Result, name: string, scope?: string): Shape | null | undefined {
  const fact = result.fact(name, scope === undefined ? undefined : result.scopes.get(scope));
  return fact.kind === 'tensor' ? fact.shape : undefined;
}

/** PyTorch's export of `x.reshape(x.shape[0], -1)`: the target is computed from the input's shape. */
const flattenByShape = model({
  inputs: [value('x', 'float32', ['batch', 3, 'side', 'side'])],
  outputs: ['y'],
  initializers: [integers('zero', [0], []), integers('rest', [-1]), integers('axes', [0])],
  nodes: [
    { op: 'Shape', inputs: ['x'], outputs: ['shape'] },
    { op: 'Gather', inputs: ['shape', 'zero'], outputs: ['n'] },
    { op: 'Unsqueeze', inputs: ['n', 'axes'], outputs: ['n1'] },
    { op: 'Concat', inputs: ['n1', 'rest'], outputs: ['target'], attributes: { axis: 0 } },
    { op: 'Reshape', inputs: ['x', 'target'], outputs: ['y'] },
  ],
});

describe('free dimensions', () => {
  it('keep their names through shape arithmetic until bound', () => {
    expect(shapeOf(inferShapes(flattenByShape), 'y')).toEqual(['batch', '3*side*side']);
    expect(shapeOf(inferShapes(flattenByShape, { bindings: { side: 8 } }), 'y')).toEqual(['batch', 192]);
    expect(shapeOf(inferShapes(flattenByShape, { bindings: { side: 8, batch: 5 } }), 'y')).toEqual([5, 192]);
  });

  it('without a name are called after their input and axis', () => {
    const unnamed = model({
      inputs: [value('x', 'float32', [null, 3])],
      outputs: ['y'],
      nodes: [{ op: 'Relu', inputs: ['x'], outputs: ['y'] }],
    });
    expect(shapeOf(inferShapes(unnamed), 'y')).toEqual(['x.0', 3]);
    expect(shapeOf(inferShapes(unnamed, { bindings: { 'x.0': 7 } }), 'y')).toEqual([7, 3]);
  });

  it('an asked-for input shape replaces the declared one, and what the file stores then counts for nothing', () => {
    const fixed = model({
      inputs: [value('x', 'float32', [1, 3, 8, 8])],
      outputs: [value('y', 'float32', [1, 3, 8, 8])],
      nodes: [{ op: 'Relu', inputs: ['x'], outputs: ['y'] }],
    });
    const result = inferShapes(fixed, { shapes: { x: [2, 3, 16, 16] } });
    expect(shapeOf(result, 'y')).toEqual([2, 3, 16, 16]);
    expect(result.findings).toEqual([]);
  });
});

describe('shapes that the file stores', () => {
  const stored = (shape: readonly number[]) =>
    model({
      inputs: [value('x', 'float32', [2, 3])],
      outputs: ['z'],
      values: [value('y', 'float32', shape)],
      nodes: [
        { op: 'Exotic', domain: 'vendor', inputs: ['x'], outputs: ['y'] },
        { op: 'Relu', inputs: ['y'], outputs: ['z'] },
      ],
    });

  it('stand in where an operator is unknown', () => {
    expect(shapeOf(inferShapes(stored([2, 5])), 'z')).toEqual([2, 5]);
  });

  it('are checked where it is known: the inferred one wins and the contradiction is named', () => {
    const contradicting = model({
      inputs: [value('x', 'float32', [2, 3])],
      outputs: [value('y', 'float32', [2, 4])],
      nodes: [{ op: 'Relu', name: 'act', inputs: ['x'], outputs: ['y'] }],
    });
    const result = inferShapes(contradicting);
    expect(shapeOf(result, 'y')).toEqual([2, 3]);
    expect(result.findings).toHaveLength(1);
    expect(result.findings[0]).toMatchObject({ code: 'stored-type', node: 'n0' });
    expect(result.findings[0]?.message).toContain('"act"');
  });
});

describe('bodies', () => {
  const branch = (extent: number) =>
    graph({
      outputs: ['r'],
      initializers: [integers('target', [extent, -1])],
      nodes: [{ op: 'Reshape', inputs: ['x', 'target'], outputs: ['r'] }],
    });

  it('of If see outer values; what the branches agree on is known', () => {
    const result = inferShapes(
      model({
        inputs: [value('x', 'float32', [4, 6]), value('flag', 'bool', [])],
        outputs: ['y'],
        nodes: [{ op: 'If', inputs: ['flag'], outputs: ['y'], attributes: { then_branch: branch(2), else_branch: branch(3) } }],
      }),
    );
    expect(shapeOf(result, 'y')).toEqual([null, null]);
    expect(shapeOf(result, 'r', 'n0/then_branch')).toEqual([2, 12]);
    expect(shapeOf(result, 'r', 'n0/else_branch')).toEqual([3, 8]);
  });

  /** Doubles a vector by concatenating it with itself, `turns` times. */
  const doubling = (turns: number) =>
    model({
      inputs: [value('x', 'float32', [3])],
      outputs: ['y', 'sums'],
      initializers: [integers('turns', [turns], [])],
      nodes: [
        {
          op: 'Loop',
          inputs: ['turns', '', 'x'],
          outputs: ['y', 'sums'],
          attributes: {
            body: graph({
              inputs: [value('i', 'int64', []), value('go', 'bool', []), value('s')],
              outputs: ['next_go', 'next', 'sum'],
              nodes: [
                { op: 'Identity', inputs: ['go'], outputs: ['next_go'] },
                { op: 'Concat', inputs: ['s', 's'], outputs: ['next'], attributes: { axis: 0 } },
                { op: 'ReduceSum', inputs: ['s'], outputs: ['sum'], attributes: { keepdims: 0 } },
              ],
            }),
          },
        },
      ],
    });

  it('of a Loop with a constant trip count are followed turn by turn', () => {
    const result = inferShapes(doubling(4));
    expect(shapeOf(result, 'y')).toEqual([48]);
    expect(shapeOf(result, 'sums')).toEqual([4]);
  });

  it('of a long Loop whose state grows leave that extent unknown', () => {
    const result = inferShapes(doubling(1_000_000));
    expect(shapeOf(result, 'y')).toEqual([null]);
    expect(shapeOf(result, 'sums')).toEqual([1_000_000]);
  });
});

describe('model-local functions', () => {
  const twice = definition('Twice', {
    inputs: ['a', 'b'],
    outputs: ['c'],
    nodes: [
      { op: 'Concat', inputs: ['a', 'b'], outputs: ['ab'], attributes: { axis: { kind: 'reference', value: 'axis' } } },
      { op: 'Relu', inputs: ['ab'], outputs: ['c'] },
    ],
  });
  const calling = (axis: number) => ({ op: 'Twice', domain: 'local', inputs: ['x', 'x'], outputs: ['y'], attributes: { axis } });

  it('are inferred per call, with the call’s attributes', () => {
    const make = (axis: number) =>
      model({ inputs: [value('x', 'float32', [2, 5])], outputs: ['y'], functions: [twice], nodes: [calling(axis)] });
    expect(shapeOf(inferShapes(make(0)), 'y')).toEqual([4, 5]);
    expect(shapeOf(inferShapes(make(1)), 'y')).toEqual([2, 10]);
    expect(shapeOf(inferShapes(make(1)), 'ab', 'n0')).toEqual([2, 10]);
  });

  it('may call each other, but never themselves', () => {
    const outer = definition('Outer', {
      inputs: ['x'],
      outputs: ['y'],
      nodes: [calling(1)],
    });
    const nested = model({
      inputs: [value('p', 'float32', [2, 5])],
      outputs: ['q'],
      functions: [twice, outer],
      nodes: [{ op: 'Outer', domain: 'local', inputs: ['p'], outputs: ['q'] }],
    });
    expect(shapeOf(inferShapes(nested), 'q')).toEqual([2, 10]);
    const own = definition('Own', {
      inputs: ['x'],
      outputs: ['y'],
      nodes: [{ op: 'Own', domain: 'local', inputs: ['x'], outputs: ['y'] }],
    });
    const recursive = inferShapes(
      model({
        inputs: [value('p', 'float32', [2])],
        outputs: ['q'],
        functions: [own],
        nodes: [{ op: 'Own', domain: 'local', inputs: ['p'], outputs: ['q'] }],
      }),
    );
    expect(recursive.findings.map((finding) => finding.code)).toEqual(['recursive-function']);
    expect(recursive.fact('q').kind).toBe('unknown');
  });

  it('that double at every level stop at a limit instead of never', () => {
    const levels = Array.from({ length: 40 }, (_, i) =>
      definition(`F${i}`, {
        inputs: ['x'],
        outputs: ['y'],
        nodes:
          i === 0
            ? [{ op: 'Relu', inputs: ['x'], outputs: ['y'] }]
            : [
                { op: `F${i - 1}`, domain: 'local', inputs: ['x'], outputs: ['m'] },
                { op: `F${i - 1}`, domain: 'local', inputs: ['m'], outputs: ['y'] },
              ],
      }),
    );
    const result = inferShapes(
      model({
        inputs: [value('p', 'float32', [2])],
        outputs: ['q'],
        functions: levels,
        nodes: [{ op: 'F39', domain: 'local', inputs: ['p'], outputs: ['q'] }],
      }),
    );
    expect(result.findings.map((finding) => finding.code)).toContain('too-many-nodes');
  });
});

describe('broken graphs', () => {
  it('a cycle is a finding that names its nodes, and the rest is inferred', () => {
    const result = inferShapes(
      model({
        inputs: [value('x', 'float32', [2])],
        outputs: ['ok', 'after'],
        nodes: [
          { op: 'Add', name: 'first', inputs: ['x', 'b'], outputs: ['a'] },
          { op: 'Relu', name: 'second', inputs: ['a'], outputs: ['b'] },
          { op: 'Relu', name: 'behind', inputs: ['b'], outputs: ['after'] },
          { op: 'Relu', name: 'fine', inputs: ['x'], outputs: ['ok'] },
        ],
      }),
    );
    expect(result.findings).toHaveLength(1);
    expect(result.findings[0]).toMatchObject({ code: 'cycle', severity: 'error', node: 'n0' });
    expect(result.findings[0]?.message).toContain('"first"');
    expect(result.findings[0]?.message).toContain('"second"');
    expect(result.findings[0]?.message).not.toContain('"behind"');
    expect(shapeOf(result, 'ok')).toEqual([2]);
  });

  it('nodes out of order are put in order', () => {
    const result = inferShapes(
      model({
        inputs: [value('x', 'float32', [2])],
        outputs: ['z'],
        nodes: [
          { op: 'Relu', inputs: ['y'], outputs: ['z'] },
          { op: 'Relu', inputs: ['x'], outputs: ['y'] },
        ],
      }),
    );
    expect(shapeOf(result, 'z')).toEqual([2]);
    expect(result.findings).toEqual([]);
  });

  it('a value that nobody makes and a name made twice are findings with the node', () => {
    const result = inferShapes(
      model({
        inputs: [value('x', 'float32', [2])],
        outputs: ['y'],
        nodes: [
          { op: 'Add', name: 'sum', inputs: ['x', 'ghost'], outputs: ['y'] },
          { op: 'Relu', name: 'again', inputs: ['x'], outputs: ['y'] },
        ],
      }),
    );
    expect(result.findings.map((finding) => [finding.code, finding.node])).toEqual([
      ['missing-input', 'n0'],
      ['duplicate-value', 'n1'],
    ]);
  });

  it.each([
    ['wrong rank', { op: 'Conv', inputs: ['x', 'w'], outputs: ['y'] }],
    ['shapes that do not broadcast', { op: 'Add', inputs: ['x', 'three'], outputs: ['y'] }],
    ['an axis out of range', { op: 'Concat', inputs: ['x', 'x'], outputs: ['y'], attributes: { axis: 7 } }],
    ['a permutation of another rank', { op: 'Transpose', inputs: ['x'], outputs: ['y'], attributes: { perm: [0, 2, 1] } }],
    ['a reshape to another number of elements', { op: 'Reshape', inputs: ['x', 'target'], outputs: ['y'] }],
    ['inner extents that differ', { op: 'MatMul', inputs: ['x', 'three'], outputs: ['y'] }],
  ])('%s is a finding with the node’s name', (_, spec) => {
    const result = inferShapes(
      model({
        inputs: [value('x', 'float32', [2, 2])],
        outputs: ['y'],
        initializers: [weight('w', [4, 3, 3, 3]), weight('three', [3, 3]), integers('target', [5])],
        nodes: [{ ...spec, name: 'culprit' }],
      }),
    );
    expect(result.findings.length).toBeGreaterThan(0);
    expect(result.findings[0]?.node).toBe('n0');
    expect(result.findings[0]?.message).toContain('culprit');
  });

  it('bodies nested a thousand deep end in a finding', () => {
    let body = graph({ outputs: ['x'], nodes: [] });
    for (let i = 0; i < 1000; i++) {
      body = graph({
        outputs: [`r${i}`],
        nodes: [
          {
            op: 'If',
            inputs: ['flag'],
            outputs: [`r${i}`],
            attributes: { then_branch: body, else_branch: graph({ outputs: ['x'], nodes: [] }) },
          },
        ],
      });
    }
    const result = inferShapes({
      ...model({ inputs: [value('x', 'float32', [2]), value('flag', 'bool', [])], outputs: ['r999'], nodes: [] }),
      graph: { ...body, inputs: [value('x', 'float32', [2]), value('flag', 'bool', [])] },
    });
    expect(result.findings.map((finding) => finding.code)).toContain('too-deep');
  });

  it('an operator set that is not imported is named once', () => {
    const result = inferShapes({
      ...model({
        inputs: [value('x', 'float32', [2])],
        outputs: ['z'],
        nodes: [
          { op: 'Relu', inputs: ['x'], outputs: ['y'] },
          { op: 'Relu', inputs: ['y'], outputs: ['z'] },
        ],
      }),
      opsets: {},
    });
    expect(result.findings.map((finding) => finding.code)).toEqual(['opset-missing']);
    expect(shapeOf(result, 'z')).toEqual([2]);
  });
});
