import type { Model } from '../../model';
import type { CostResult } from '../cost/types';
import { FigureSum } from '../figures';
import type { Block, Category, Figures } from '../profile';
import type { ScopeShapes, ShapeResult } from '../shapes/types';
import type { AttentionCore } from './attentionCore';
import { categorize } from './categories';
import type { Draft, DraftTree } from './draft';
import { type Flow, flowOf } from './flow';
import { countRepeats } from './repeats';
import { scopeStructure } from './structure';
import type { BlockResult } from './types';

interface Output {
  readonly categoryOf: Map<string, Category>;
  readonly blockOf: Map<string, string>;
  readonly attention: AttentionCore[];
}

interface ScopeBlocks {
  /** Ids of every node inside, those of bodies within included. */
  readonly ids: readonly string[];
  readonly roots: readonly Block[];
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
    for (const name of flow.nodes[index]?.outputs ?? []) {
      for (const reader of flow.readers(name)) {
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

/** Totals are summed once, by `assemble`, for the blocks that end up in the profile. */
const NOT_SUMMED: Figures = new FigureSum().figures();

class Assembler {
  private readonly output: Output = { categoryOf: new Map(), blockOf: new Map(), attention: [] };

  constructor(
    private readonly shapes: ShapeResult,
    private readonly costs: CostResult,
  ) {}

  run(): BlockResult {
    const { roots } = this.scope(this.shapes.main, null);
    return { blocks: roots, ...this.output };
  }

  private scope(scope: ScopeShapes, outer: Flow | null): ScopeBlocks {
    const flow = flowOf(this.shapes, scope, outer);
    const structure = scopeStructure(flow);
    adoptHidden(flow, structure.tree);
    structure.tree.sort((index) => flow.visible[index] === true);
    const { categoryOf } = this.output;
    const categories = categorize({ flow, composites: structure.composites, tree: structure.tree }, structure.attention);
    flow.ids.forEach((id, index) => {
      categoryOf.set(id, categories[index] ?? 'other');
    });
    const prefix = scope.id === '' ? 'b' : `${scope.id}/b`;
    const ids = new Map<Draft, string>();
    const nested = this.bodies(scope, flow, structure.tree);
    const roots = this.blocks(flow, [...structure.tree.roots], prefix, ids, nested);
    for (const [draft, core] of structure.cores) this.output.attention.push({ ...core, block: ids.get(draft) ?? '' });
    const loose = [...nested].filter(([index]) => !structure.tree.blockOf(index)).flatMap(([, inner]) => inner.roots);
    return { ids: [...flow.ids, ...[...nested.values()].flatMap((inner) => inner.ids)], roots: [...roots, ...loose] };
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
      if (main && tree.blockOf(index)?.kind !== 'attention') this.output.categoryOf.set(flow.ids[index] ?? '', main);
    });
    return found;
  }

  /** Category of the node with the most multiply-adds: what a call or a loop is for. */
  private heaviest(ids: readonly string[]): Category | null {
    let most = 0n;
    let category: Category | null = null;
    for (const id of ids) {
      const macs = this.costs.nodes.get(id)?.macs ?? 0n;
      if (macs <= most) continue;
      most = macs;
      category = this.output.categoryOf.get(id) ?? null;
    }
    return category;
  }

  private blocks(
    flow: Flow,
    drafts: readonly Draft[],
    prefix: string,
    ids: Map<Draft, string>,
    nested: ReadonlyMap<number, ScopeBlocks>,
  ): readonly Block[] {
    const repeats = countRepeats(flow, drafts);
    return drafts.map((draft, at) => {
      const id = `${prefix}${at}`;
      ids.set(draft, id);
      const nodes = [...draft.nodes].sort((a, b) => a - b);
      const children = this.blocks(flow, [...draft.children], `${id}.`, ids, nested);
      const inner = new Set([...draft.children].flatMap((child) => [...child.nodes]));
      const own = nodes.filter((index) => !inner.has(index));
      for (const index of own) this.output.blockOf.set(flow.ids[index] ?? '', id);
      const names = nodes.flatMap((index) => [flow.ids[index] ?? '', ...(nested.get(index)?.ids ?? [])]);
      return {
        id,
        kind: draft.kind,
        label: draft.label,
        repeat: repeats[at] ?? 1,
        attributes: draft.attributes,
        totals: NOT_SUMMED,
        nodes: names,
        children: [...children, ...own.flatMap((index) => nested.get(index)?.roots ?? [])],
      };
    });
  }
}

/**
 * Finds the blocks of a model (attention, feed-forward, residual, MBConv, stem,
 * stages...) by structure, and gives every node of every scope its category.
 */
export function findBlocks(_model: Model, shapes: ShapeResult, costs: CostResult): BlockResult {
  return new Assembler(shapes, costs).run();
}
