import { describe, expect, it } from 'vitest';
import { analyse } from '../../../../src/analysis/assemble';
import { foldModel, type GraphLevel } from '../../../../src/analysis/fold';
import type { Model } from '../../../../src/model';
import { model, type NodeSpec, value } from '../models';

/** 60 boxes, and at the top and the bottom 30 values and one box for the rest. */
const MOST = 60 + 2 * 31;

/** Every level of a model, from the whole down. */
function levels(of: Model): readonly GraphLevel[] {
  const fold = foldModel(analyse(of, { name: 'm.onnx', bytes: 0 }));
  const found = [fold.level('')];
  for (const level of found) for (const box of level.boxes) if (box.kind === 'group') found.push(fold.level(box.id));
  return found;
}

function hold(all: readonly GraphLevel[]): void {
  for (const { boxes, edges } of all) {
    const ids = boxes.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeLessThanOrEqual(MOST);
    for (const { from, to } of edges) expect(ids).toEqual(expect.arrayContaining([from, to]));
  }
}

const x = value('x', 'float32', [4]);
const names = (count: number, prefix = 'v') => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

describe('the ends of a level', () => {
  it('are few, however many nodes write one name', () => {
    const nodes = names(5000).map((): NodeSpec => ({ op: 'Relu', inputs: ['x'], outputs: ['v'] }));
    const all = levels(model({ inputs: [x], outputs: ['v'], nodes }));
    hold(all);
    expect(all[0]?.boxes.filter(({ kind }) => kind === 'output').map(({ id }) => id)).toEqual(['out:v']);
  });

  it('are one box for inputs or outputs whose name is repeated', () => {
    const all = levels(
      model({ inputs: [x, x], outputs: ['v', 'v', 'v'], nodes: [{ op: 'Relu', inputs: ['x', 'x'], outputs: ['v', 'v'] }] }),
    );
    hold(all);
    expect(all[0]?.boxes.map(({ id }) => id)).toEqual(['in:x', 'n0', 'out:v']);
  });

  it('share a box beyond the first thirty, which says how many they are', () => {
    const inputs = names(1000, 'i').map((name) => value(name, 'float32', [4]));
    const nodes = inputs.map(({ name }, i): NodeSpec => ({ op: 'Relu', inputs: [name], outputs: [`v${i}`] }));
    const all = levels(model({ inputs, outputs: names(1000), nodes }));
    hold(all);
    const [top] = all;
    expect(top?.boxes.find(({ id }) => id === 'port:more:in')).toMatchObject({ kind: 'input', title: '970 more' });
    expect(top?.boxes.find(({ id }) => id === 'port:more:out')).toMatchObject({ kind: 'output', title: '970 more' });
  });

  it('are each their own where there are thirty', () => {
    const nodes = names(30).map((name): NodeSpec => ({ op: 'Relu', inputs: ['x'], outputs: [name] }));
    const [top] = levels(model({ inputs: [x], outputs: names(30), nodes }));
    expect(top?.boxes.filter(({ kind }) => kind === 'output').map(({ title }) => title)).toEqual(names(30));
  });

  it('of a run inside a wide graph are few too', () => {
    const nodes: NodeSpec[] = names(3000).map((name) => ({ op: 'Relu', inputs: ['x'], outputs: [name] }));
    hold(
      levels(
        model({
          inputs: [x],
          outputs: ['y'],
          nodes: [...nodes, { op: 'Concat', inputs: names(3000), outputs: ['y'], attributes: { axis: 0 } }],
        }),
      ),
    );
  });
});
