import { append } from '../../data';
import type { Model } from '../../model';
import type { CostResult, NodeCost } from '../cost/types';
import { FigureSum } from '../figures';
import type { Block, Category } from '../profile';
import { receptiveFields } from '../receptive';
import type { ScopeShapes, ShapeResult } from '../shapes/types';
import type { AttentionCore } from './attentionCore';
import { categorize } from './categories';
import type { Draft, DraftTree } from './draft';
import { outputOf } from './extent';
import { type Flow, flowOf } from './flow';
import { traitsOf } from './kinds';
import { countRepeats } from './repeats';
import { scopeStructure } from './structure';
import type { BlockResult } from './types';

interface Output {
  readonly places: Map<ScopeShapes, { readonly categories: Category[]; readonly blocks: (string | undefined)[] }>;
  readonly numbers: Map<Block, Int32Array>;
  readonly attention: AttentionCore[];
}

interface ScopeBlocks {
  /** Ids of every node inside, those of bodies within included. */
  readonly ids: readonly string[];
  readonly roots: readonly Block[];
}

/** What the blocks of one scope are written from. */
interface Assembly {
  readonly flow: Flow;
  readonly tree: DraftTree;
  readonly ids: Map<Draft, string>;
  readonly nested: ReadonlyMap<number, ScopeBlocks>;
  readonly sums: Map<Draft, FigureSum>;
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
function adoptHidden(flow: Flow, tree: DraftTree): void {
  const home = new Map<number, Draft>();
  for (let index = flow.nodes.length - 1; index >= 0; index--) {
    if (flow.visible[index]) continue;
    let common: Draft | undefined;
    let first = true;
    const outputs = flow.nodes[index]?.outputs ?? [];
    for (let output = 0; output < outputs.length; output++) {
      const readers = flow.readers(outputs[output] ?? '');
      for (let at = 0; at < readers.length; at++) {
        const reader = readers[at] ?? -1;
        const block = flow.visible[reader] ? tree.blockOf(reader) : home.get(reader);
        if (first) common = block;
        else if (block !== common) common = meet(tree, common, block);
        first = false;
      }
    }
    if (!common) continue;
    home.set(index, common);
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
    const structure = scopeStructure(this.shapes, flow, outer);
    adoptHidden(flow, structure.tree);
    structure.tree.sort((index) => flow.visible[index] === true);
    const categories = [...categorize({ flow, composites: structure.composites, tree: structure.tree }, structure.attention)];
    const blocks: (string | undefined)[] = new Array(flow.nodes.length).fill(undefined);
    this.output.places.set(scope, { categories, blocks });
    const prefix = scope.id === '' ? 'b' : `${scope.id}/b`;
    const ids = new Map<Draft, string>();
    const nested = this.bodies(scope, flow, structure.tree);
    const roots = this.blocks(
      { flow, tree: structure.tree, ids, nested, sums: new Map(), costs: this.costs.of(scope), blocks },
      [...structure.tree.roots],
      prefix,
    );
    if (scope === this.shapes.main) this.mainBlocks = { flow, drafts: ids };
    for (const { block, core } of structure.cores) this.output.attention.push({ ...core, block: ids.get(block) ?? '' });
    const loose = [...nested].filter(([index]) => !structure.tree.blockOf(index)).flatMap(([, inner]) => inner.roots);
    return { ids: [...flow.ids, ...[...nested.values()].flatMap((inner) => inner.ids)], roots: [...roots, ...loose] };
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
      const sizes = field.axes.map((axis) => axis.size);
      const [first = 1] = sizes;
      draft.attributes['receptiveField'] = sizes.every((size) => size === first) ? first : sizes;
    }
  }

  /** Blocks and nodes of subgraphs and called functions, by the node that owns them. */
  private bodies(scope: ScopeShapes, flow: Flow, tree: DraftTree): ReadonlyMap<number, ScopeBlocks> {
    const found = new Map<number, ScopeBlocks>();
    if (scope.bodies.size === 0) return found;
    flow.nodes.forEach((node, index) => {
      const bodies = scope.bodies.get(node);
      if (!bodies) return;
      const inner = bodies.map((body) => this.scope(body, flow));
      const ids = inner.flatMap((body) => body.ids);
      found.set(index, { ids, roots: inner.flatMap((body) => body.roots) });
      const main = this.heaviest(ids);
      const places = this.output.places.get(scope);
      if (main && places && tree.blockOf(index)?.kind !== 'attention') places.categories[index] = main;
    });
    return found;
  }

  /** Category of the node with the most multiply-adds: what a call or a loop is for. */
  private heaviest(ids: readonly string[]): Category | null {
    let most = 0n;
    let category: Category | null = null;
    for (const id of ids) {
      const cost = this.costs.nodes.get(id);
      if (!cost || (cost.macs ?? 0n) <= most) continue;
      most = cost.macs ?? 0n;
      category = this.output.places.get(cost.scope)?.categories[cost.number] ?? null;
    }
    return category;
  }

  private blocks(scope: Assembly, drafts: readonly Draft[], prefix: string): readonly Block[] {
    const { flow, nested, tree } = scope;
    const repeats = countRepeats(flow, drafts);
    return drafts.map((draft, at) => {
      const id = `${prefix}${at}`;
      scope.ids.set(draft, id);
      const children = this.blocks(scope, [...draft.children], `${id}.`);
      const sum = new FigureSum();
      for (const child of draft.children) sum.include(scope.sums.get(child) ?? new FigureSum());
      scope.sums.set(draft, sum);
      const inner: Block[] = [];
      const names: string[] = [];
      const numbers = Int32Array.from(draft.nodes).sort();
      for (const index of numbers) {
        const name = flow.ids[index] ?? '';
        names.push(name);
        const body = nested.size > 0 ? nested.get(index) : undefined;
        if (body) append(names, body.ids);
        if (tree.blockOf(index) !== draft) continue;
        scope.blocks[index] = id;
        addLeaf(sum, scope.costs[index]);
        if (!body) continue;
        for (const id of body.ids) addLeaf(sum, this.costs.nodes.get(id));
        append(inner, body.roots);
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
