import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/analysis/assemble';
import { chooseBindings } from '../../../src/analysis/bindings';
import { countCosts } from '../../../src/analysis/cost';
import { peakMemory } from '../../../src/analysis/memory';
import { inferShapes } from '../../../src/analysis/shapes';
import type { Model } from '../../../src/model';
import { integers, model, type NodeSpec, value, weight } from './models';

/** Everything but blocks, which have tests of their own. */
function analysed(of: Model) {
  const shapes = inferShapes(of, { bindings: chooseBindings(of).numbers });
  return { shapes, costs: countCosts(shapes), memory: peakMemory(shapes), codes: new Set(shapes.findings.map((finding) => finding.code)) };
}

function chain(length: number, close: boolean): NodeSpec[] {
  return Array.from({ length }, (_, i) => ({
    op: 'Add',
    inputs: [i === 0 ? (close ? `v${length - 1}` : 'x') : `v${i - 1}`, 'x'],
    outputs: [`v${i}`],
  }));
}

const x = value('x', 'float32', [4, 4]);

describe('size', () => {
  it('a hundred thousand nodes in a row, in order and reversed', () => {
    const length = 100_000;
    const nodes = chain(length, false);
    for (const order of [nodes, [...nodes].reverse()]) {
      const { shapes, costs, memory } = analysed(model({ inputs: [x], outputs: [`v${length - 1}`], nodes: order }));
      expect(shapes.fact(`v${length - 1}`)).toMatchObject({ shape: [4, 4] });
      expect(costs.main.reduce((sum, one) => sum + (one.flops ?? 0n), 0n)).toBe(BigInt(16 * length));
      expect(memory.peakBytes).toBe(3n * 64n);
    }
  });

  it('a hundred thousand nodes in one circle', () => {
    const { codes } = analysed(model({ inputs: [x], outputs: ['v9'], nodes: chain(100_000, true) }));
    expect(codes).toEqual(new Set(['cycle']));
  });

  it('one value that a hundred thousand nodes read, and a node with a hundred thousand inputs', () => {
    const names = Array.from({ length: 100_000 }, (_, i) => `v${i}`);
    const nodes = names.map((name) => ({ op: 'Relu', inputs: ['x'], outputs: [name] }));
    const { shapes } = analysed(
      model({
        inputs: [x],
        outputs: ['all'],
        nodes: [...nodes, { op: 'Concat', inputs: names, outputs: ['all'], attributes: { axis: 0 } }],
      }),
    );
    expect(shapes.fact('all')).toMatchObject({ shape: [400_000, 4] });
  });

  it('constants joined to each other fifty thousand times', () => {
    const nodes: NodeSpec[] = Array.from({ length: 50_000 }, (_, i) => ({
      op: 'Concat',
      inputs: [i === 0 ? 'w' : `v${i - 1}`, 'w'],
      outputs: [`v${i}`],
      attributes: { axis: 0 },
    }));
    const { costs } = analysed(model({ outputs: ['v49999'], initializers: [weight('w', [1, 8])], nodes }));
    expect(costs.main.reduce((sum, one) => sum + one.parameters, 0n)).toBeLessThanOrEqual(8n);
  });
});

describe('containers', () => {
  it('a sequence that holds the one before twice, sixty times over, is known by nothing but its kind', () => {
    const nodes = Array.from({ length: 60 }, (_, i) => ({
      op: 'SequenceConstruct',
      inputs: i === 0 ? ['x', 'x'] : [`s${i - 1}`, `s${i - 1}`],
      outputs: [`s${i}`],
    }));
    const { shapes } = analysed(model({ inputs: [x], outputs: ['s59'], nodes }));
    expect(shapes.fact('s0')).toMatchObject({ kind: 'sequence', element: { kind: 'tensor', shape: [4, 4] } });
    expect(shapes.fact('s59')).toMatchObject({ kind: 'sequence', element: { kind: 'unknown' } });
  });

  it('twenty thousand optionals in each other', () => {
    const nodes = Array.from({ length: 20_000 }, (_, i) => ({
      op: 'Optional',
      inputs: [i === 0 ? 'x' : `o${i - 1}`],
      outputs: [`o${i}`],
    }));
    const { shapes } = analysed(model({ inputs: [x], outputs: ['o19999'], nodes }));
    expect(shapes.fact('o0')).toMatchObject({ kind: 'optional', element: { kind: 'tensor' } });
  });
});

it.each(Object.getOwnPropertyNames(Object.prototype))('an input called %s beside one of another size is asked for no size', (name) => {
  const made = model({
    inputs: [value('image', 'float32', [1, 3, 8, 8]), value(name, 'float32', [1, 192])],
    outputs: ['y'],
    initializers: [integers('flat', [1, 192])],
    nodes: [
      { op: 'Reshape', inputs: ['image', 'flat'], outputs: ['row'] },
      { op: 'Add', inputs: ['row', name], outputs: ['y'] },
    ],
  });
  const { profile } = analyse(made, { name: 'm.onnx', bytes: 0 }, { shapes: { image: [1, 3, 16, 16] } });
  expect(profile.model.inputs).toMatchObject([{ shape: [1, 3, 16, 16] }, { name, shape: [1, 192] }]);
});

describe('extents', () => {
  it.each<[string, NodeSpec]>([
    ['a negative pad larger than the tensor', { op: 'Pad', inputs: ['x', 'crop'], outputs: ['y'] }],
    ['a negative number of repeats', { op: 'Tile', inputs: ['x', 'minus'], outputs: ['y'] }],
    ['a product past every integer', { op: 'Tile', inputs: ['x', 'many'], outputs: ['y'] }],
  ])('%s is unknown, and named', (_, spec) => {
    const { shapes, costs, codes } = analysed(
      model({
        inputs: [value('x', 'float32', [2 ** 31, 2])],
        outputs: ['z'],
        initializers: [integers('crop', [0, -3, 0, 0]), integers('minus', [1, -2]), integers('many', [2 ** 50, 1])],
        nodes: [spec, { op: 'Relu', inputs: ['y'], outputs: ['z'] }],
      }),
    );
    const fact = shapes.fact('z');
    expect(fact.kind === 'tensor' && fact.shape?.some((dim) => dim === null)).toBe(true);
    expect(costs.main[1]).toMatchObject({ flops: null, writtenBytes: null });
    if (spec.inputs[1] !== 'many') expect(codes).toEqual(new Set(['impossible-shape']));
  });

  it('ranks that grow by thousands stop at the first', () => {
    const axes = integers(
      'axes',
      Array.from({ length: 4000 }, (_, i) => i),
    );
    const nodes = Array.from({ length: 2000 }, (_, i) => ({
      op: 'Unsqueeze',
      inputs: [i === 0 ? 'x' : `v${i - 1}`, 'axes'],
      outputs: [`v${i}`],
    }));
    const { codes } = analysed(model({ inputs: [x], outputs: ['v1999'], initializers: [axes], nodes }));
    expect(codes).toContain('impossible-shape');
  });

  it('a declared rank above 64 is not believed, of an input, a value, or a body, and nobody is asked for its sizes', () => {
    const dims = Array.from({ length: 70 }, (_, axis) => `d${axis}`);
    const { shapes } = analysed(
      model({
        inputs: [value('a', 'float32', dims), x],
        outputs: ['b'],
        nodes: [
          { op: 'Relu', inputs: ['a'], outputs: ['b'] },
          { op: 'Mystery', domain: 'nobody', inputs: ['x'], outputs: ['c'] },
        ],
        values: [value('c', 'float32', new Array<number>(65).fill(1))],
      }),
    );
    for (const name of ['a', 'b', 'c']) expect(shapes.fact(name)).toMatchObject({ kind: 'tensor', dtype: 'float32', shape: null });
    expect(shapes.findings.filter(({ code }) => code === 'impossible-shape').map(({ message }) => message)).toEqual([
      'The file declares "a" with rank 70, which no tensor can have; its shape is unknown.',
      'The file declares "c" with rank 65, which no tensor can have; its shape is unknown.',
    ]);
    expect(chooseBindings(model({ inputs: [value('a', 'float32', dims), x], outputs: ['a'], nodes: [] })).bindings).toEqual({});
  });

  it('counts that attributes claim make no lists', () => {
    const { codes } = analysed(
      model({
        inputs: [x],
        outputs: ['a'],
        opset: 18,
        nodes: [{ op: 'Split', inputs: ['x'], outputs: ['a', 'b'], attributes: { num_outputs: 2 ** 40 } }],
      }),
    );
    expect(codes).toEqual(new Set(['split']));
  });

  it('an initialiser of negative extent adds nothing', () => {
    const { costs } = analysed(
      model({
        inputs: [x],
        outputs: ['y'],
        initializers: [weight('w', [4, -4])],
        nodes: [{ op: 'MatMul', inputs: ['x', 'w'], outputs: ['y'] }],
      }),
    );
    expect(costs.main[0]).toMatchObject({ parameters: 0n, weightBytes: 0n, macs: null });
  });
});
