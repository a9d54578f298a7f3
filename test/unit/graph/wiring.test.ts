import { describe, expect, it } from 'vitest';
import { wiringOf } from '../../../src/graph';
import type { Graph, Node } from '../../../src/model';
import { graph, node, value } from '../analysis/models';

function list({ starts, items }: { readonly starts: Int32Array; readonly items: Int32Array }, at: number): readonly number[] {
  return [...items.subarray(starts[at], starts[at + 1])];
}

function chain(...nodes: readonly Node[]): Graph {
  return graph({ nodes, inputs: [], outputs: [] });
}

describe('a graph as integers', () => {
  it('numbers nodes as the file lists them where that is an order, and links values both ways', () => {
    const wiring = wiringOf(
      chain(
        node({ op: 'Relu', inputs: ['x'], outputs: ['a'] }),
        node({ op: 'Add', inputs: ['a', 'a'], outputs: ['b'] }),
        node({ op: 'Clip', inputs: ['b', '', 'a'], outputs: ['c'] }),
      ),
    );
    const [x, a, b, c] = ['x', 'a', 'b', 'c'].map((name) => wiring.value(name));
    expect(wiring.nodes.map(({ op }) => op)).toEqual(['Relu', 'Add', 'Clip']);
    expect(wiring.fileOrder).toBeNull();
    expect([x, a, b, c].map((value) => wiring.producer[value ?? -1])).toEqual([-1, 0, 1, 2]);
    expect(list(wiring.inputs, 2)).toEqual([b, -1, a]);
    expect(list(wiring.readers(), a ?? -1)).toEqual([1, 2]);
    expect(wiring.value('nobody')).toBe(-1);
  });

  it('sorts nodes that the file lists in another order, and keeps that order', () => {
    const wiring = wiringOf(
      chain(
        node({ op: 'Last', inputs: ['b'], outputs: ['c'] }),
        node({ op: 'First', inputs: ['x'], outputs: ['a'] }),
        node({ op: 'Middle', inputs: ['a'], outputs: ['b'] }),
      ),
    );
    expect(wiring.nodes.map(({ op }) => op)).toEqual(['First', 'Middle', 'Last']);
    expect([...(wiring.fileOrder ?? [])]).toEqual([2, 0, 1]);
    expect(wiring.producer[wiring.value('b')]).toBe(1);
  });

  it('puts nodes on a cycle last, and nodes that wait for them are none of these', () => {
    const wiring = wiringOf(
      chain(
        node({ op: 'A', inputs: ['b'], outputs: ['a'] }),
        node({ op: 'B', inputs: ['a'], outputs: ['b'] }),
        node({ op: 'Behind', inputs: ['b'], outputs: ['c'] }),
        node({ op: 'Beside', inputs: ['x'], outputs: ['d'] }),
      ),
    );
    expect(wiring.nodes.slice(wiring.sorted).map(({ op }) => op)).toEqual(['A', 'B']);
    expect(new Set(wiring.nodes.slice(0, wiring.sorted).map(({ op }) => op))).toEqual(new Set(['Behind', 'Beside']));
  });

  it('counts what a body captures among the values that its node reads', () => {
    const body = graph({ nodes: [node({ op: 'Add', inputs: ['outer', 'own'], outputs: ['y'] })], inputs: [value('own')], outputs: ['y'] });
    const wiring = wiringOf(
      chain(
        node({ op: 'Relu', inputs: ['x'], outputs: ['outer'] }),
        node({ op: 'If', inputs: ['x'], outputs: ['z'], attributes: { then_branch: body } }),
      ),
    );
    expect(list(wiring.inputs, 1)).toEqual([wiring.value('x')]);
    expect(list(wiring.reads, 1)).toEqual([wiring.value('x'), wiring.value('outer')]);
    expect(list(wiring.readers(), wiring.value('outer'))).toEqual([1]);
  });

  it('has one maker of a value made twice: the first', () => {
    const wiring = wiringOf(chain(node({ op: 'A', inputs: [], outputs: ['a'] }), node({ op: 'B', inputs: [], outputs: ['a'] })));
    expect(wiring.producer[wiring.value('a')]).toBe(0);
  });
});
