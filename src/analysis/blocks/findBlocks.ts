import { append } from '../../data';
import type { Model } from '../../model';
import type { CostResult, NodeCost } from '../cost/types';
import { FigureSum } from '../figures';
import type { Block, Category } from '../profile';
import { receptiveFields } from '../receptive';
import type { ScopeShapes, ShapeResult } from '../shapes/types';
import type { AttentionCore } from './attentionCore';
import { categorize } from './categories';
import { type Draft, type DraftTree, numbersIn } from './draft';
import { outputOf } from './extent';
import { type Flow, flowOf } from './flow';
import { traitsOf } from './kinds';
import { Repeats } from './repeats';
import { scopeStructure } from './structure';
import type { BlockResult } from './types';

interface Output {
  readonly places: Map<ScopeShapes, { readonly categories: Category[]; readonly blocks: (string | undefined)[] }>;
  readonly numbers: Map<Block, Int32Array>;
  readonly attention: AttentionCore[];
}

/** A scope with the bodies within it. Each is gone through once, however deep it lies: bodies in bodies would else be squares. */
interface ScopeBlocks {
  /** Ids of its own nodes. */
  readonly ids: readonly string[];
  readonly inner: readonly ScopeBlocks[];
  readonly roots: readonly Block[];
  /** Of every node inside. */
  readonly sum: FigureSum;
  readonly heaviest: Heaviest;
}

/** The node with the most multiply-adds: what a call or a loop is for. */
interface Heaviest {
  readonly macs: bigint;
  readonly category: Category | null;
}

const NONE: Heaviest = { macs: 0n, category: null };

function heavier(most: Heaviest, next: Heaviest): Heaviest {
  return next.macs > most.macs ? next : most;
}

/** Ids of every node inside. */
function appendIds(ids: string[], { ids: own, inner }: ScopeBlocks): void {
  append(ids, own);
  for (const scope of inner) appendIds(ids, scope);
}

/** What the blocks of one scope are written from. */
interface Assembly {
  readonly flow: Flow;
  readonly tree: DraftTree;
  readonly ids: Map<Draft, string>;
  readonly nested: ReadonlyMap<number, readonly ScopeBlocks[]>;
  readonly sums: Map<Draft, FigureSum>;
  readonly repeats: Repeats;
  /** By node number, as are the ids of the blocks that hold each. */
  readonly costs: readonly NodeCost[];
  readonly blocks: (string | undefined)[];
}

/** Innermost block around two others, `undefined` standing for the whole scope. */
function meet(tree: DraftTree, left: Draft | undefined, right: Draft | undefined): Draft | undefined {
  const seen = new Set<Draft>();
  for (let at = left; at; at = tree.parentOf(at)) seen.add(at);
  for (let at = right; at; at = tree.parentOf(at)) if (seen.has(at)) return at;
  return undefined;
}

/** Hidden nodes (constants, shape arithmetic) belong where all their readers are. */
function adoptHidden({ visible, scope }: Flow, tree: DraftTree): void {
  const { outputs } = scope.wiring;
  const readers = scope.wiring.readers();
  const home: (Draft | undefined)[] = new Array(visible.length).fill(undefined);
  for (let index = visible.length - 1; index >= 0; index--) {
    if (visible[index]) continue;
    let common: Draft | undefined;
    let first = true;
    for (let output = outputs.starts[index] as number; output < (outputs.starts[index + 1] as number); output++) {
      const value = outputs.items[output] as number;
      const end = value < 0 ? 0 : (readers.starts[value + 1] as number);
      for (let at = value < 0 ? 0 : (readers.starts[value] as number); at < end; at++) {
        const reader = readers.items[at] as number;
        const block = visible[reader] ? tree.blockOf(reader) : home[reader];
        if (first) common = block;
        else if (block !== common) common = meet(tree, common, block);
        first = false;
      }
    }
    if (!common) continue;
    home[index] = common;
    tree.adopt(index, common);
  }
}

class Assembler {
  private readonly output: Output = { places: new Map(), numbers: new Map(), attention: [] };

  private mainBlocks: { readonly flow: Flow; readonly drafts: ReadonlyMap<Draft, string> } | null = null;

  constructor(
    private readonly shapes: ShapeResult,
    private readonly costs: CostResult,
  ) {}

  run(): BlockResult {
    const { roots } = this.scope(this.shapes.main, null);
    this.addReceptiveFields();
    return { blocks: roots, ...this.output };
  }

  private scope(scope: ScopeShapes, outer: Flow | null): ScopeBlocks {
    const flow = flowOf(this.shapes, scope, outer);
    const costs = this.costs.of(scope);
    const structure = scopeStructure(this.shapes, flow, outer, (index) => Number(costs[index]?.macs ?? 0n));
    adoptHidden(flow, structure.tree);
    structure.tree.sort((index) => flow.visible[index] === true);
    const { tree, composites, attention, given } = structure;
    const categories = categorize({ flow, composites, tree }, attention, given);
    const blocks: (string | undefined)[] = new Array(flow.nodes.length).fill(undefined);
    this.output.places.set(scope, { categories, blocks });
    const prefix = scope.id === '' ? 'b' : `${scope.id}/b`;
    const ids = new Map<Draft, string>();
    const nested = this.bodies(scope, flow, structure.tree);
    const roots = this.blocks(
      { flow, tree: structure.tree, ids, nested, sums: new Map(), repeats: new Repeats(flow), costs, blocks },
      [...structure.tree.roots],
      prefix,
    );
    if (scope === this.shapes.main) this.mainBlocks = { flow, drafts: ids };
    for (const { block, core } of structure.cores) this.output.attention.push({ ...core, block: ids.get(block) ?? '' });
    const loose = [...nested]
      .filter(([index]) => !structure.tree.blockOf(index))
      .flatMap(([, inner]) => inner.flatMap((body) => body.roots));
    const inner = [...nested.values()].flat();
    const own = costs.map((cost, index): Heaviest => ({ macs: cost.macs ?? 0n, category: categories[index] ?? null }));
    const sum = new FigureSum();
    for (const cost of costs) addLeaf(sum, cost);
    for (const body of inner) sum.include(body.sum);
    const heaviest = inner.reduce((most, body) => heavier(most, body.heaviest), own.reduce(heavier, NONE));
    return { ids: flow.ids, inner, roots: [...roots, ...loose], sum, heaviest };
  }

  /** Writes each block's receptive field (pixels, or `global`) into its attributes. */
  private addReceptiveFields(): void {
    if (!this.mainBlocks) return;
    const { flow, drafts } = this.mainBlocks;
    const fields = receptiveFields(this.shapes, this.output.attention);
    for (const draft of drafts.keys()) {
      const field = traitsOf(draft.kind).withoutField ? undefined : fields.get(outputOf(flow, draft.nodes));
      if (!field) continue;
      if (field.kind === 'global') {
        draft.attributes['receptiveField'] = 'global';
        continue;
      }
      // Resizing leaves fractions of a pixel, which nobody asks for.
      const sizes = field.axes.map((axis) => Math.round(axis.size));
      const [first = 1] = sizes;
      draft.attributes['receptiveField'] = sizes.every((size) => size === first) ? first : sizes;
    }
  }

  /** Blocks and nodes of subgraphs and called functions, by the node that owns them. */
  private bodies(scope: ScopeShapes, flow: Flow, tree: DraftTree): ReadonlyMap<number, readonly ScopeBlocks[]> {
    const found = new Map<number, readonly ScopeBlocks[]>();
    if (scope.bodies.size === 0) return found;
    flow.nodes.forEach((node, index) => {
      const bodies = scope.bodies.get(node);
      if (!bodies) return;
      const inner = bodies.map((body) => this.scope(body, flow));
      found.set(index, inner);
      const main = inner.reduce((most, body) => heavier(most, body.heaviest), NONE).category;
      const places = this.output.places.get(scope);
      if (main && places && tree.blockOf(index)?.kind !== 'attention') places.categories[index] = main;
    });
    return found;
  }

  private blocks(scope: Assembly, drafts: readonly Draft[], prefix: string): readonly Block[] {
    const { flow, nested, tree } = scope;
    const repeats = scope.repeats.count(drafts);
    return drafts.map((draft, at) => {
      const id = `${prefix}${at}`;
      scope.ids.set(draft, id);
      const children = this.blocks(scope, [...draft.children], `${id}.`);
      const sum = new FigureSum();
      for (const child of draft.children) sum.include(scope.sums.get(child) ?? new FigureSum());
      scope.sums.set(draft, sum);
      const inner: Block[] = [];
      const names: string[] = [];
      const numbers = numbersIn(draft).sort();
      for (let place = 0; place < numbers.length; place++) {
        const index = numbers[place] as number;
        const name = flow.ids[index] ?? '';
        names.push(name);
        const bodies = nested.size > 0 ? nested.get(index) : undefined;
        if (bodies) for (const body of bodies) appendIds(names, body);
        if (tree.blockOf(index) !== draft) continue;
        scope.blocks[index] = id;
        addLeaf(sum, scope.costs[index]);
        if (!bodies) continue;
        for (const body of bodies) {
          sum.include(body.sum);
          append(inner, body.roots);
        }
      }
      const block: Block = {
        id,
        kind: draft.kind,
        label: draft.label,
        repeat: repeats[at] ?? 1,
        attributes: draft.attributes,
        totals: sum.figures(),
        nodes: names,
        children: [...children, ...inner],
      };
      this.output.numbers.set(block, numbers);
      return block;
    });
  }
}

/** Nodes with bodies are counted by what is inside. */
function addLeaf(sum: FigureSum, cost: NodeCost | undefined): void {
  if (cost && !cost.composite) sum.add(cost);
}

/**
 * Finds the blocks of a model (attention, feed-forward, residual, MBConv, stem,
 * stages...) by structure, and gives every node of every scope its category.
 */
export function findBlocks(_model: Model, shapes: ShapeResult, costs: CostResult): BlockResult {
  return new Assembler(shapes, costs).run();
}
