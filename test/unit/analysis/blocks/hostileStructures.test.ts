import { describe, expect, it } from 'vitest';
import { type Analysis, analyse } from '../../../../src/analysis/assemble';
import { type Fold, foldModel } from '../../../../src/analysis/fold';
import { expectLevelsToAddUp } from '../levels';
import { model, type NodeSpec, value, weight } from '../models';

/** The most boxes of a level, of the whole picture. */
function widest(fold: Fold, group = ''): number {
  const boxes = fold.level(group).boxes.filter(({ kind }) => kind === 'group' || kind === 'node');
  return boxes.reduce((most, box) => (box.kind === 'group' ? Math.max(most, widest(fold, box.id)) : most), boxes.length);
}

function shown(fold: Fold, group = ''): number {
  return fold.level(group).boxes.reduce((sum, box) => sum + (box.kind === 'group' ? shown(fold, box.id) : box.kind === 'node' ? 1 : 0), 0);
}

function expectReadable(analysis: Analysis, name: string): void {
  const fold = foldModel(analysis);
  expectLevelsToAddUp(analysis, name);
  expect(widest(fold), name).toBeLessThanOrEqual(60);
  expect(shown(fold) + fold.level('').hidden, name).toBe(analysis.model.graph.nodes.length);
}

/** Pseudo-random whole numbers below a bound, the same at every run. */
function numbers(): (below: number) => number {
  let state = 12345;
  return (below) => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state % below;
  };
}

/** A chain of convolutions, none of which is like another, named as asked. */
function irregular(count: number, nameOf: (at: number) => string): Analysis {
  const next = numbers();
  const nodes: NodeSpec[] = [];
  const initializers = [];
  let channels = 3;
  for (let at = 0; at < count; at++) {
    const outputs = 4 + next(60);
    const kernel = 1 + 2 * next(4);
    const pad = (kernel - 1) / 2;
    initializers.push(weight(`w${at}`, [outputs, channels, kernel, kernel]));
    nodes.push({
      op: 'Conv',
      name: nameOf(at),
      inputs: [at === 0 ? 'x' : `v${at - 1}`, `w${at}`],
      outputs: [`v${at}`],
      attributes: { pads: [pad, pad, pad, pad] },
    });
    channels = outputs;
  }
  const built = model({ inputs: [value('x', 'float32', [1, 3, 16, 16])], outputs: [`v${count - 1}`], initializers, nodes });
  return analyse(built, { name: 'irregular', bytes: 0 });
}

/** Residual blocks, each of another width and kernel. */
function manyBlocks(count: number): Analysis {
  const nodes: NodeSpec[] = [];
  const initializers = [];
  for (let at = 0; at < count; at++) {
    const [width, kernel] = [4 + at, at % 2 === 0 ? 3 : 5];
    const pad = (kernel - 1) / 2;
    const pads = [pad, pad, pad, pad];
    const from = at === 0 ? 'x' : `r${at - 1}`;
    initializers.push(weight(`a${at}`, [width, 8, kernel, kernel]), weight(`b${at}`, [8, width, kernel, kernel]));
    nodes.push(
      { op: 'Conv', inputs: [from, `a${at}`], outputs: [`c${at}`], attributes: { pads } },
      { op: 'Relu', inputs: [`c${at}`], outputs: [`d${at}`] },
      { op: 'Conv', inputs: [`d${at}`, `b${at}`], outputs: [`e${at}`], attributes: { pads } },
      { op: 'Add', inputs: [`e${at}`, from], outputs: [`r${at}`] },
    );
  }
  const built = model({ inputs: [value('x', 'float32', [1, 8, 8, 8])], outputs: [`r${count - 1}`], initializers, nodes });
  return analyse(built, { name: 'blocks', bytes: 0 });
}

/** One residual around a long chain of operators. */
function oneBlock(count: number): Analysis {
  const ops = ['Relu', 'Sigmoid', 'Tanh', 'Neg', 'Abs', 'Exp', 'Softplus'];
  const next = numbers();
  const nodes: NodeSpec[] = Array.from({ length: count }, (_, at) => ({
    op: ops[next(ops.length)] ?? 'Relu',
    inputs: [at === 0 ? 'x' : `v${at - 1}`],
    outputs: [`v${at}`],
  }));
  nodes.push({ op: 'Add', inputs: ['x', `v${count - 1}`], outputs: ['y'] });
  const built = model({ inputs: [value('x', 'float32', [1, 8])], outputs: ['y'], nodes });
  return analyse(built, { name: 'one', bytes: 0 });
}

describe('structures that no architecture has', () => {
  it('300 convolutions without any repetition are cut into few rows', () => {
    const analysis = irregular(300, () => '');
    expectReadable(analysis, 'irregular');
    const boxes = foldModel(analysis)
      .level('')
      .boxes.filter(({ kind }) => kind === 'group' || kind === 'node');
    expect(boxes.length).toBeLessThanOrEqual(16);
  });

  it('500 different blocks are cut into few rows', () => {
    const analysis = manyBlocks(500);
    expectReadable(analysis, 'blocks');
    const boxes = foldModel(analysis)
      .level('')
      .boxes.filter(({ kind }) => kind === 'group' || kind === 'node');
    expect(boxes.length).toBeLessThanOrEqual(16);
  });

  it('one block of 40,000 operators is folded', () => {
    expectReadable(oneBlock(40_000), 'one');
  }, 120_000);

  it('names that lie make no block of another kind', () => {
    const lies = ['/attention/softmax/Conv', '/blocks.0/mlp/fc1/Conv', '/stem/Conv', '/head/Conv', '/blocks.1/attn/qkv/Conv'];
    const analysis = irregular(200, (at) => `${lies[at % lies.length]}_${at}`);
    expectReadable(analysis, 'lies');
    const kinds = new Set<string>();
    const visit = (blocks: typeof analysis.profile.blocks): void => {
      for (const { kind, children } of blocks) {
        kinds.add(kind);
        visit(children);
      }
    };
    visit(analysis.profile.blocks);
    for (const kind of ['attention', 'transformer', 'feed-forward', 'mixer']) expect(kinds.has(kind), kind).toBe(false);
    expect(analysis.profile.budget.attention.macs).toBe(0);
  });
});
