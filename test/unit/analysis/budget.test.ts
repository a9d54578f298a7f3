import { describe, expect, it } from 'vitest';
import { analyse, analysisSteps } from '../../../src/analysis/assemble';
import type { Model } from '../../../src/model';
import { definition, graph, integers, model, type NodeSpec, value } from './models';

const FILE = { name: 'm.onnx', bytes: 0 };

function shapeSteps(of: Model): number {
  return [...analysisSteps(of, FILE)].filter((step) => step === 'shapes').length;
}

/** A function of ten nodes that each call the one below. */
function caller(level: number) {
  const of = level === 0 ? { op: 'Relu', domain: '' } : { op: `F${level - 1}`, domain: 'local' };
  const names = ['a', ...Array.from({ length: 9 }, (_, i) => `v${i}`), 'b'];
  const nodes = names.slice(1).map((name, i) => ({ ...of, inputs: [names[i] ?? ''], outputs: [name] }));
  return definition(`F${level}`, { inputs: ['a'], outputs: ['b'], nodes });
}

/** No image side fits: the constant has 7 columns. */
const MISFIT: readonly NodeSpec[] = [
  { op: 'Reshape', inputs: ['image', 'flat'], outputs: ['row'] },
  { op: 'Concat', inputs: ['row', 'seven'], outputs: ['y'], attributes: { axis: 0 } },
];

function image(nodes: readonly NodeSpec[], levels = 0): Model {
  return model({
    inputs: [value('image', 'float32', [1, 3, 'height', 'width']), value('seven', 'float32', [1, 7])],
    outputs: ['y'],
    initializers: [integers('flat', [1, -1])],
    nodes,
    functions: Array.from({ length: levels }, (_, level) => caller(level)),
  });
}

/** Functions that each call the next in both branches of an If, beside some more nodes; the last is one Relu. */
function branching(depth: number, beside: number) {
  const called = (level: number) => {
    const call: NodeSpec =
      level === depth ? { op: 'Relu', inputs: ['a'], outputs: ['b'] } : { ...local(level), inputs: ['a', 'when'], outputs: ['b'] };
    return graph({
      nodes: [call, ...Array.from({ length: beside }, (_, i): NodeSpec => ({ op: 'Relu', inputs: ['b'], outputs: [`r${i}`] }))],
      outputs: ['b'],
    });
  };
  const functions = Array.from({ length: depth }, (_, level) =>
    definition(`G${level}`, {
      inputs: ['a', 'when'],
      outputs: ['b'],
      nodes: [
        { op: 'If', inputs: ['when'], outputs: ['b'], attributes: { then_branch: called(level + 1), else_branch: called(level + 1) } },
      ],
    }),
  );
  const made = model({
    inputs: [value('x', 'float32', [3, 4]), value('when', 'bool', [])],
    outputs: ['y'],
    nodes: [{ ...local(0), inputs: ['x', 'when'], outputs: ['y'] }],
    functions,
  });
  return { profile: analyse(made, FILE).profile, steps: shapeSteps(made) };
}

function local(level: number) {
  return { op: `G${level}`, domain: 'local' };
}

describe('the budget of shape inference', () => {
  it('lets every image side be tried for a small model that none fits', () => {
    // The 19 sides of a square, then height and width apart: no more than 80 attempts in all.
    const steps = shapeSteps(image(MISFIT));
    expect(steps).toBeGreaterThanOrEqual(19);
    expect(steps).toBeLessThanOrEqual(80);
  });

  it('is one for all image sides: after it is spent none is tried again', () => {
    const expanding = image([...MISFIT, { op: 'F5', domain: 'local', inputs: ['image'], outputs: ['z'] }], 6);
    expect(shapeSteps(expanding)).toBe(1);
    const { profile } = analyse(expanding, FILE);
    expect(profile.warnings.map(({ code }) => code)).toContain('too-many-nodes');
    // Six functions of ten nodes and three nodes more: 10^6 calls in all, and no more than 16,000 nodes beyond these are made.
    expect(profile.nodes.length).toBeLessThan(16_000 + 200);
  });

  it('keeps a file of functions that double in both branches of an If to 16,000 nodes', () => {
    const { profile, steps } = branching(14, 30);
    expect(profile.warnings.map(({ code }) => code)).toContain('too-many-nodes');
    expect(profile.nodes.length).toBeLessThan(16_000 + 15 * 70);
    expect(steps).toBe(1);
  });

  it('leaves a file whole whose functions expand to some thousands, with one branch of each If counted', () => {
    const { profile } = branching(6, 30);
    expect(profile.warnings.map(({ code }) => code)).not.toContain('too-many-nodes');
    // At depth n stand 2^n bodies of 30 Relu of 12 elements each, in the deepest one more; one body of each depth is counted.
    const relus = profile.nodes.filter(({ op }) => op === 'Relu');
    expect(relus.length).toBe(30 * (2 ** 7 - 2) + 2 ** 6);
    expect(relus.filter(({ times }) => times !== 0).length).toBe(30 * 6 + 1);
    expect(profile.totals.flops).toBe((30 * 6 + 1) * 12);
    expect(profile.nodes.filter(({ times }) => times === 0).every(({ id }) => id.includes('else_branch'))).toBe(true);
  });

  it('ends the attempts before one that the last says cannot be paid', () => {
    const chain = Array.from({ length: 4000 }, (_, i) => ({ op: 'Relu', inputs: [i === 0 ? 'image' : `v${i - 1}`], outputs: [`v${i}`] }));
    const steps = shapeSteps(image([...MISFIT, ...chain]));
    expect(steps).toBeGreaterThan(8);
    expect(steps).toBeLessThanOrEqual(13);
  });

  it('is charged for what a body declares, not for its nodes alone', () => {
    const names = Array.from({ length: 5000 }, (_, i) => `c${i}`);
    const initializers = names.map((name) => integers(name, [1]));
    const body = graph({ inputs: [value('i', 'int64', []), value('c', 'bool', [])], outputs: ['c'], initializers, nodes: [] });
    const loops = Array.from(
      { length: 200 },
      (_, i): NodeSpec => ({ op: 'Loop', inputs: ['turns'], outputs: [`l${i}`], attributes: { body } }),
    );
    const made = model({ inputs: [value('x', 'float32', [1])], outputs: ['x'], initializers: [integers('turns', [60], [])], nodes: loops });
    expect(analyse(made, FILE).profile.warnings.map(({ code }) => code)).toContain('too-many-nodes');
  });

  it('keeps no more known elements than four million', () => {
    // No two alike: 2,097 to 4,096 elements.
    const ends = Array.from({ length: 2000 }, (_, i) => integers(`end${i}`, [2097 + i], []));
    const nodes = ends.map(({ name }, i): NodeSpec => ({ op: 'Range', inputs: ['zero', name, 'one'], outputs: [`r${i}`] }));
    const initializers = [integers('zero', [0], []), integers('one', [1], []), ...ends];
    const made = model({ inputs: [value('x', 'float32', [1])], outputs: ['r1999'], initializers, nodes });
    const { profile } = analyse(made, FILE);
    expect(profile.warnings.map(({ code }) => code)).toContain('too-much-data');
    expect(profile.model.outputs[0]?.shape).toEqual([4096]);
  });
});
