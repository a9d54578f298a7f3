import { describe, expect, it } from 'vitest';
import { countCosts, type NodeCost } from '../../../../src/analysis/cost';
import { inferShapes } from '../../../../src/analysis/shapes';
import type { Model } from '../../../../src/model';
import { definition, graph, integers, model, value, weight } from '../models';

function costs(of: Model): ReturnType<typeof countCosts> {
  return countCosts(inferShapes(of));
}

function cost(of: Model, id: string): NodeCost {
  const found = costs(of).nodes.get(id);
  if (!found) throw new Error(`no cost of ${id}`);
  return found;
}

/** y = x w, `[rows, 64] x [64, 32]`. */
const product = { op: 'MatMul', inputs: ['x', 'w'], outputs: ['y'] };

describe('exactness', () => {
  it.each([
    ['negative', { K: 255, N: -16 }, 256n],
    ['more than the stored bits', { K: 2 ** 40, N: 2 ** 40 }, 256n],
    ['what is stored, two to a byte', { K: 32, N: 16 }, 512n],
  ])('counts packed weights that the attributes say are %s', (_, { K, N }, parameters) => {
    const packed = model({
      inputs: [value('x', 'float32', [2, 32])],
      outputs: ['y'],
      initializers: [weight('w', [16, 1, 16], 'uint8'), weight('s', [16])],
      nodes: [
        {
          op: 'MatMulNBits',
          domain: 'com.microsoft',
          inputs: ['x', 'w', 's'],
          outputs: ['y'],
          attributes: { K, N, bits: 4, block_size: 32 },
        },
      ],
    });
    expect(cost(packed, 'n0').parameters).toBe(parameters);
  });

  it('holds past 2^53', () => {
    const side = 2 ** 20;
    const huge = model({
      inputs: [value('a', 'float32', [side, side]), value('b', 'float32', [side, side])],
      outputs: ['c'],
      nodes: [{ op: 'MatMul', inputs: ['a', 'b'], outputs: ['c'] }],
    });
    expect(cost(huge, 'n0').macs).toBe(2n ** 60n);
    expect(cost(huge, 'n0').readBytes).toBe(2n ** 43n);
    expect(cost(huge, 'n0').writtenBytes).toBe(2n ** 42n);
  });

  it('never counts what it does not know', () => {
    const free = model({
      inputs: [value('x', 'float32', ['rows', 64])],
      outputs: ['z'],
      initializers: [weight('w', [64, 32])],
      nodes: [product, { op: 'Exotic', domain: 'vendor', inputs: ['y'], outputs: ['z'] }],
    });
    expect(cost(free, 'n0')).toMatchObject({ macs: null, flops: null, writtenBytes: null });
    expect(cost(free, 'n0').reason).toContain('"x"');
    expect(cost(free, 'n1').reason).toContain('vendor:Exotic');
  });

  it('takes no operator for another of its name: nothing is known of the bytes of my.ops:Reshape', () => {
    const reshaped = (domain: string) =>
      model({
        inputs: [value('x', 'float32', [6, 64])],
        outputs: ['y'],
        initializers: [integers('to', [64, 6])],
        nodes: [{ op: 'Reshape', domain, inputs: ['x', 'to'], outputs: ['y'] }],
      });
    expect(cost(reshaped(''), 'n0')).toMatchObject({ readBytes: 0n, writtenBytes: 0n, macs: 0n });
    expect(cost(reshaped('my.ops'), 'n0')).toMatchObject({ readBytes: null, writtenBytes: null, macs: null });
  });

  it('costs nothing for shape arithmetic', () => {
    const arithmetic = model({
      inputs: [value('x', 'float32', [6, 64])],
      outputs: ['y'],
      initializers: [integers('half', [2])],
      nodes: [
        { op: 'Shape', inputs: ['x'], outputs: ['s'] },
        { op: 'Div', inputs: ['s', 'half'], outputs: ['y'] },
      ],
    });
    expect(cost(arithmetic, 'n1').flops).toBe(0n);
  });
});

describe('bodies', () => {
  const body = graph({
    inputs: [value('i', 'int64', []), value('go', 'bool', []), value('s', 'float32', [6, 64])],
    outputs: ['on', 'next'],
    initializers: [weight('w', [64, 64])],
    nodes: [
      { op: 'Identity', inputs: ['go'], outputs: ['on'] },
      { op: 'MatMul', inputs: ['s', 'w'], outputs: ['next'] },
    ],
  });
  const looping = (turns: readonly number[] | null) =>
    model({
      inputs: [value('x', 'float32', [6, 64]), ...(turns ? [] : [value('turns', 'int64', [])])],
      outputs: ['y'],
      initializers: turns ? [integers('turns', turns, [])] : [],
      nodes: [{ op: 'Loop', inputs: ['turns', '', 'x'], outputs: ['y'], attributes: { body } }],
    });

  it('of a Loop count once per turn, their weights once', () => {
    const result = costs(looping([12]));
    expect(result.main[0]).toMatchObject({ macs: 12n * 6n * 64n * 64n, parameters: 64n * 64n, composite: true });
    expect(result.nodes.get('n0/body/n1')).toMatchObject({ macs: 6n * 64n * 64n, times: 12n });
  });

  it('of a Loop that runs as long as data say are not counted', () => {
    const result = costs(looping(null));
    expect(result.main[0]).toMatchObject({ macs: null, reason: 'the number of turns depends on data' });
    expect(result.nodes.get('n0/body/n1')?.times).toBeNull();
  });

  it('of If count the dearer branch, of a known condition the one it takes', () => {
    const branch = (columns: number) =>
      graph({ outputs: ['r'], initializers: [weight('w', [64, columns])], nodes: [{ op: 'MatMul', inputs: ['x', 'w'], outputs: ['r'] }] });
    const make = (known: boolean) =>
      model({
        inputs: [value('x', 'float32', [6, 64]), ...(known ? [] : [value('flag', 'bool', [])])],
        outputs: ['y'],
        initializers: known ? [{ name: 'flag', dtype: 'bool', shape: [], storage: { kind: 'inline', data: new Uint8Array([1]) } }] : [],
        nodes: [{ op: 'If', inputs: ['flag'], outputs: ['y'], attributes: { then_branch: branch(8), else_branch: branch(32) } }],
      });
    expect(cost(make(false), 'n0').macs).toBe(6n * 64n * 32n);
    expect(costs(make(false)).nodes.get('n0/then_branch/n0')?.times).toBe(0n);
    expect(cost(make(true), 'n0').macs).toBe(6n * 64n * 8n);
  });

  it('of functions count once per call', () => {
    const layer = definition('Layer', {
      inputs: ['a', 'weight'],
      outputs: ['b'],
      nodes: [
        { op: 'MatMul', inputs: ['a', 'weight'], outputs: ['p'] },
        { op: 'Relu', inputs: ['p'], outputs: ['b'] },
      ],
    });
    const result = costs(
      model({
        inputs: [value('x', 'float32', [6, 64])],
        outputs: ['z'],
        functions: [layer],
        initializers: [weight('w', [64, 64]), weight('v', [64, 16])],
        nodes: [
          { op: 'Layer', domain: 'local', inputs: ['x', 'w'], outputs: ['y'] },
          { op: 'Layer', domain: 'local', inputs: ['y', 'v'], outputs: ['z'] },
        ],
      }),
    );
    expect(result.main.map((one) => [one.macs, one.parameters])).toEqual([
      [6n * 64n * 64n, 64n * 64n],
      [6n * 64n * 16n, 64n * 16n],
    ]);
    expect(result.nodes.get('n1/n0')).toMatchObject({ macs: 6n * 64n * 16n, parameters: 64n * 16n });
  });
});

describe('constants', () => {
  it('shared by several nodes belong to the first', () => {
    const result = costs(
      model({
        inputs: [value('x', 'float32', [6, 64])],
        outputs: ['z'],
        initializers: [weight('w', [64, 64])],
        nodes: [
          { op: 'MatMul', inputs: ['x', 'w'], outputs: ['y'] },
          { op: 'MatMul', inputs: ['y', 'w'], outputs: ['z'] },
        ],
      }),
    );
    expect(result.main.map((one) => [one.parameters, one.weightBytes])).toEqual([
      [4096n, 16384n],
      [0n, 0n],
    ]);
  });

  it('reach their consumer through Identity, Transpose, Cast and DequantizeLinear', () => {
    const result = costs(
      model({
        inputs: [value('x', 'float32', [1, 3, 8, 8])],
        outputs: ['y'],
        initializers: [
          weight('q', [16, 3, 3, 3], 'int8'),
          weight('scale', [16]),
          weight('zero', [16], 'int8'),
          weight('t', [8, 6]),
          weight('bias', [16]),
        ],
        nodes: [
          { op: 'DequantizeLinear', inputs: ['q', 'scale', 'zero'], outputs: ['w'], attributes: { axis: 0 } },
          { op: 'Identity', inputs: ['bias'], outputs: ['b'] },
          { op: 'Conv', inputs: ['x', 'w', 'b'], outputs: ['f'] },
          { op: 'Transpose', inputs: ['t'], outputs: ['tt'] },
          { op: 'MatMul', inputs: ['f', 'tt'], outputs: ['y'] },
        ],
      }),
    );
    expect(result.main.map((one) => one.parameters)).toEqual([0n, 0n, 16n * 27n + 16n, 0n, 48n]);
    // Scales and zero points are stored, and are no parameters.
    expect(result.main[0]?.weightBytes).toBe(16n * 4n + 16n);
  });

  it('tell parameters, buffers and settings apart', () => {
    const result = costs(
      model({
        inputs: [value('x', 'float32', [2, 4, 8, 8])],
        outputs: ['y'],
        initializers: [
          ...['g', 'b', 'mean', 'var'].map((name) => weight(name, [4])),
          weight('two', []),
          weight('net.scale', [1]),
          weight('attn_mask', [8, 8]),
          weight('low', []),
        ],
        nodes: [
          { op: 'BatchNormalization', inputs: ['x', 'g', 'b', 'mean', 'var'], outputs: ['n'] },
          { op: 'Mul', inputs: ['n', 'two'], outputs: ['m'] },
          { op: 'Mul', inputs: ['m', 'net.scale'], outputs: ['s'] },
          { op: 'Add', inputs: ['s', 'attn_mask'], outputs: ['a'] },
          { op: 'Clip', inputs: ['a', 'low'], outputs: ['y'] },
        ],
      }),
    );
    expect(result.main.map((one) => [one.parameters, one.buffers])).toEqual([
      [8n, 8n],
      [0n, 0n],
      [1n, 0n],
      [0n, 64n],
      [0n, 0n],
    ]);
  });
});
