import { describe, expect, it } from 'vitest';
import type { Analysis } from '../../../../src/analysis/assemble';
import { analyse } from '../../../../src/analysis/assemble';
import { type Fold, foldModel, type GraphLevel } from '../../../../src/analysis/fold';
import { attentionVariants } from '../../../fixtures/attentionVariants';
import { torchvisionExports } from '../../../fixtures/exports';
import { analyseFile } from '../blocks/support';
import { definition, graph, model, type NodeSpec, value, weight } from '../models';

const NAMES = ['resnet50', 'efficientnet_b0', 'vit_b_16', 'swin_t', 'maxvit_t', 'densenet121'] as const;
const exported = await torchvisionExports(NAMES);
const variants = await attentionVariants();

/** Every level, reached by opening every group. */
function levels(fold: Fold, group = ''): readonly GraphLevel[] {
  const level = fold.level(group);
  return [level, ...level.boxes.flatMap((box) => (box.kind === 'group' ? levels(fold, box.id) : []))];
}

/** What must hold of every level, whatever the model. */
function checkLevels(all: readonly GraphLevel[]): void {
  for (const level of all) {
    const place = new Map(level.boxes.map((box, at) => [box.id, at]));
    expect(place.size).toBe(level.boxes.length);
    const inside = level.boxes.filter((box) => box.kind === 'node' || box.kind === 'group');
    expect(inside.length).toBeLessThanOrEqual(60);
    for (const edge of level.edges) {
      const [from, to] = [place.get(edge.from), place.get(edge.to)];
      if (from === undefined || to === undefined) throw new Error(`an edge of "${level.group}" ends nowhere`);
      expect(from).toBeLessThan(to);
    }
    for (const box of level.boxes) for (const stub of box.stubs) expect(stub.value).not.toBe('');
  }
}

/** Every visible node stands in exactly one level, and where `groupsOf` says. */
function checkNodes(fold: Fold, all: readonly GraphLevel[], analysis: Analysis): void {
  const levelOf = new Map<string, string>();
  for (const level of all) {
    for (const box of level.boxes) {
      if (box.kind !== 'node') continue;
      expect(levelOf.has(box.id)).toBe(false);
      levelOf.set(box.id, level.group);
    }
  }
  for (const [id, group] of levelOf) expect(fold.groupsOf(id).at(-1) ?? '').toBe(group);
  const top = fold.level('');
  expect(levelOf.size + top.hidden).toBe(analysis.model.graph.nodes.length);
}

describe.skipIf(!exported.available)('folded torchvision exports', () => {
  for (const name of NAMES) {
    it(`${name}: levels of at most 60 boxes, edges forward only, every operator once`, async () => {
      if (!exported.available) return;
      for (const raw of [false, true]) {
        const analysis = await analyseFile(exported.path(name, raw));
        const fold = foldModel(analysis);
        const all = levels(fold);
        checkLevels(all);
        checkNodes(fold, all, analysis);
        const sum = fold.level('').boxes.reduce((total, box) => total + Number(box.figures.macs), 0);
        expect(sum).toBe(analysis.profile.totals.macs);
      }
    });
  }

  it('efficientnet_b0 reads as its paper tables it: channels, resolution, kernel, layers', async () => {
    if (!exported.available) return;
    const fold = foldModel(await analyseFile(exported.path('efficientnet_b0')));
    const boxes = fold.level('').boxes.map((box) => [box.subtitle, box.repeat]);
    // arXiv 1905.11946, Table 1.
    expect(boxes.slice(2, -2)).toEqual([
      ['16 ch, 112x112, 3x3', 1],
      ['24 ch, 56x56, 3x3', 2],
      ['40 ch, 28x28, 5x5', 2],
      ['80 ch, 14x14, 3x3', 3],
      ['112 ch, 14x14, 5x5', 3],
      ['192 ch, 7x7, 5x5', 4],
      ['320 ch, 7x7, 3x3', 1],
    ]);
  });

  it('swin_t reads as stem, stages and patch merging, with heads', async () => {
    if (!exported.available) return;
    const fold = foldModel(await analyseFile(exported.path('swin_t')));
    const level = fold.level('');
    expect(level.boxes.map((box) => box.title)).toEqual([
      'image',
      'Patch embedding',
      'Transformer stage 1',
      'Patch merging',
      'Transformer stage 2',
      'Patch merging',
      'Transformer stage 3',
      'Patch merging',
      'Transformer stage 4',
      'Head',
      'logits',
    ]);
    expect(level.boxes[6]).toMatchObject({ subtitle: '384 ch, 14x14, 12 heads', repeat: 6, budget: 'attention' });
    expect(level.edges.map((edge) => edge.label)[0]).toBe('[1, 3, 224, 224]');
    const stage = fold.level(level.boxes[6]?.id ?? '');
    expect(stage.boxes.filter((box) => box.title === 'Transformer block')).toHaveLength(6);
    expect(stage.boxes[0]?.kind).toBe('portIn');
    expect(stage.boxes.at(-1)?.kind).toBe('portOut');
  });
});

describe.skipIf(!variants.available)('folded attention modules', () => {
  it('hold the same invariants', async () => {
    if (!variants.available) return;
    for (const name of ['aaconv', 'botnet', 'stand-alone', 'decoder', 'conformer', 'sknet', 'masked', 'linear', 'mobilevitv2']) {
      const analysis = await analyseFile(variants.path(name));
      const fold = foldModel(analysis);
      const all = levels(fold);
      checkLevels(all);
      checkNodes(fold, all, analysis);
    }
  });
});

function analysed(nodes: readonly NodeSpec[], extra: Partial<Parameters<typeof model>[0]> = {}): Analysis {
  const last = nodes.at(-1)?.outputs[0] ?? '';
  const built = model({ inputs: [value('x', 'float32', [1, 8, 4, 4])], outputs: [last], nodes, ...extra });
  return analyse(built, { name: 'model.onnx', bytes: 0 });
}

describe('models without known structure', () => {
  it('a chain of 5,000 operators with skips folds evenly', () => {
    const nodes = Array.from({ length: 5000 }, (_, at): NodeSpec => {
      const from = at === 0 ? 'x' : `v${at - 1}`;
      return at % 9 === 8
        ? { op: 'Add', inputs: [from, `v${at - 5}`], outputs: [`v${at}`] }
        : { op: at % 2 ? 'Neg' : 'Abs', inputs: [from], outputs: [`v${at}`] };
    });
    const analysis = analysed(nodes);
    const fold = foldModel(analysis);
    const all = levels(fold);
    checkLevels(all);
    checkNodes(fold, all, analysis);
  });

  it('modules whose nodes are interleaved never make a circle', () => {
    // Collapsing /a and /b whole would let data run a -> b -> a.
    const names = ['/a/op', '/b/op', '/a/op2', '/b/op2'];
    const nodes = Array.from(
      { length: 400 },
      (_, at): NodeSpec => ({
        op: 'Relu',
        name: `/m${Math.floor(at / 40)}${names[at % 4]}`,
        inputs: [at === 0 ? 'x' : `v${at - 1}`],
        outputs: [`v${at}`],
      }),
    );
    const analysis = analysed(nodes);
    const fold = foldModel(analysis);
    const all = levels(fold);
    checkLevels(all);
    checkNodes(fold, all, analysis);
    expect(
      fold
        .level('')
        .boxes.filter((box) => box.kind === 'group')
        .map((box) => box.title),
    ).toContain('m3');
  });

  it('a mask that every layer reads becomes a line and stubs', () => {
    const nodes = Array.from(
      { length: 10 },
      (_, at): NodeSpec => ({ op: 'Mul', inputs: [at === 0 ? 'x' : `v${at - 1}`, 'mask'], outputs: [`v${at}`] }),
    );
    const analysis = analysed(nodes, { inputs: [value('x', 'float32', [1, 8]), value('mask', 'float32', [1, 8])] });
    const level = foldModel(analysis).level('');
    expect(level.edges.filter((edge) => edge.value === 'mask')).toHaveLength(1);
    expect(level.boxes.filter((box) => box.stubs.some((stub) => stub.value === 'mask' && stub.from === 'in:mask'))).toHaveLength(9);
  });

  it('If opens into its branches, a function call into its body', () => {
    const branch = (op: string) => graph({ outputs: ['r'], nodes: [{ op, inputs: ['x'], outputs: ['r'] }] });
    const analysis = analysed(
      [
        { op: 'If', inputs: ['c'], outputs: ['i'], attributes: { then_branch: branch('Abs'), else_branch: branch('Neg') } },
        { op: 'Twice', domain: 'local', inputs: ['i'], outputs: ['y'] },
      ],
      {
        inputs: [value('x', 'float32', [1, 8]), value('c', 'bool', [])],
        functions: [
          definition('Twice', {
            inputs: ['a'],
            outputs: ['d'],
            nodes: [
              { op: 'Relu', inputs: ['a'], outputs: ['b'] },
              { op: 'Add', inputs: ['b', 'b'], outputs: ['d'] },
            ],
          }),
        ],
      },
    );
    const fold = foldModel(analysis);
    const top = fold.level('').boxes.filter((box) => box.kind === 'group');
    expect(top.map((box) => box.title)).toEqual(['If', 'Twice']);
    const branches = fold.level('n0').boxes;
    expect(branches.map((box) => box.title).sort()).toEqual(['else_branch', 'then_branch']);
    expect(fold.level(branches.find((box) => box.title === 'then_branch')?.id ?? '').boxes.map((box) => box.title)).toContain('Abs');
    expect(
      fold
        .level('n1')
        .boxes.filter((box) => box.kind === 'node')
        .map((box) => box.title),
    ).toEqual(['Relu', 'Add']);
    expect(fold.groupsOf('n1/n0')).toEqual(['n1']);
    checkLevels(levels(fold));
  });

  it('blocks of a called function stand inside the call, not beside it in the block around it', () => {
    const w = weight('w', [4, 4, 3, 3]);
    const same = { pads: [1, 1, 1, 1] };
    const inner = definition('Inner', {
      inputs: ['a', 'k'],
      outputs: ['z'],
      nodes: [
        { op: 'Conv', inputs: ['a', 'k'], outputs: ['c'], attributes: same },
        { op: 'Relu', inputs: ['c'], outputs: ['r'] },
        { op: 'Conv', inputs: ['r', 'k'], outputs: ['d'], attributes: same },
        { op: 'Add', inputs: ['a', 'd'], outputs: ['z'] },
      ],
    });
    const call = (x: string, y: string): NodeSpec => ({ op: 'Inner', domain: 'local', inputs: [x, 'w'], outputs: [y] });
    const residual = (x: string, name: string): NodeSpec[] => [
      { op: 'Conv', inputs: [x, 'w'], outputs: [`${name}c`], attributes: same },
      call(`${name}c`, `${name}i`),
      { op: 'Add', inputs: [x, `${name}i`], outputs: [name] },
    ];
    const fold = foldModel(
      analyse(
        model({
          inputs: [value('x', 'float32', [1, 4, 8, 8])],
          outputs: ['q'],
          initializers: [w],
          functions: [inner],
          nodes: [...residual('x', 'p'), ...residual('p', 'q')],
        }),
        { name: 'm.onnx', bytes: 0 },
      ),
    );
    const all = levels(fold);
    checkLevels(all);
    const groups = all.flatMap(({ boxes }) => boxes.filter(({ kind }) => kind === 'group').map(({ id }) => id));
    expect(new Set(groups).size).toBe(groups.length);
    expect(groups).toContain('n1/b0');
    expect(fold.level('n1').boxes.some(({ id }) => id === 'n1/b0')).toBe(true);
    expect(fold.groupsOf('n1/n0')).toEqual([...fold.groupsOf('n1'), 'n1', 'n1/b0']);
  });

  it('loose operators between blocks that are put together are folded again where they are many', () => {
    const w = weight('w', [4, 4, 3, 3]);
    const block = (x: string, name: string): NodeSpec[] => [
      { op: 'Conv', inputs: [x, 'w'], outputs: [`${name}c`], attributes: { pads: [1, 1, 1, 1] } },
      { op: 'Relu', inputs: [`${name}c`], outputs: [`${name}r`] },
      { op: 'Conv', inputs: [`${name}r`, 'w'], outputs: [`${name}d`], attributes: { pads: [1, 1, 1, 1] } },
      { op: 'Add', inputs: [x, `${name}d`], outputs: [name] },
    ];
    const loose = Array.from(
      { length: 150 },
      (_, i): NodeSpec => ({ op: 'Neg', inputs: [i === 0 ? 'p' : `n${i - 1}`], outputs: [`n${i}`] }),
    );
    const made = model({
      inputs: [value('x', 'float32', [1, 4, 8, 8])],
      outputs: ['q'],
      initializers: [w],
      nodes: [...block('x', 'p'), ...loose, ...block('n149', 'q')],
    });
    const analysis = analyse(made, { name: 'm.onnx', bytes: 0 });
    const fold = foldModel(analysis);
    checkLevels(levels(fold));
    checkNodes(fold, levels(fold), analysis);
  });

  it('a name that is written twice leaves its level once', () => {
    const fold = foldModel(
      analysed([
        { op: 'Relu', inputs: ['x'], outputs: ['y', 'y'] },
        { op: 'Neg', inputs: ['x'], outputs: ['y'] },
      ]),
    );
    checkLevels(levels(fold));
    expect(fold.level('').boxes.filter(({ kind }) => kind === 'output')).toHaveLength(1);
  });

  it('an unknown group is an empty level', () => {
    const fold = foldModel(analysed([{ op: 'Relu', inputs: ['x'], outputs: ['y'] }], { initializers: [weight('w', [1])] }));
    expect(fold.level('nowhere')).toEqual({ group: 'nowhere', boxes: [], edges: [], hidden: 0 });
    expect(fold.groupsOf('nowhere')).toEqual([]);
  });
});
