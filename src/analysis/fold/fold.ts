import type { Model } from '../../model';
import { type Flow, flowOf } from '../blocks/flow';
import type { BlockResult } from '../blocks/types';
import type { CostResult } from '../cost/types';
import { FigureSum, leaves } from '../figures';
import type { Block } from '../profile';
import type { ScopeShapes, ShapeResult } from '../shapes/types';
import type { Group } from './group';
import { groupScope, scopeOf } from './groups';
import { levelOf } from './level';
import type { GraphBox, GraphLevel } from './types';

/** What a model was found to be (`Analysis` gives all of it). */
export interface FoldSource {
  readonly model: Model;
  readonly shapes: ShapeResult;
  readonly costs: CostResult;
  readonly blocks: BlockResult;
}

/** A model folded for drawing: levels of at most about 60 boxes, each box of which may open into the next level. */
export interface Fold {
  /** What stands inside a group; `''` is the whole model. An unknown group is an empty level. */
  level(group: string): GraphLevel;
  /** Ids of the groups around a node, outermost first; `[]` for a node of the top level or an unknown one. */
  groupsOf(node: string): readonly string[];
}

interface FoldedScope {
  readonly scope: ScopeShapes;
  readonly flow: Flow;
  readonly whole: Group;
  /** Groups around this scope's own, outermost first. */
  readonly around: readonly string[];
}

interface Place {
  readonly folded: FoldedScope;
  readonly group: Group;
}

class FoldedModel implements Fold {
  private readonly places = new Map<string, Place>();
  private readonly chains = new Map<string, readonly string[]>();
  /** Groups that list an operator's bodies, where it has several. */
  private readonly branches = new Map<string, readonly FoldedScope[]>();
  private readonly blocksOf = new Map<string, Block[]>();

  constructor(private readonly source: FoldSource) {
    this.sortBlocks(source.blocks.blocks);
    this.addScope(source.shapes.main, null, []);
  }

  level(group: string): GraphLevel {
    const bodies = this.branches.get(group);
    if (bodies) return this.bodiesLevel(group, bodies);
    const place = this.places.get(group);
    if (!place) return { group, boxes: [], edges: [], hidden: 0 };
    const { folded } = place;
    const source = {
      flow: folded.flow,
      shapes: this.source.shapes,
      blocks: this.source.blocks,
      costs: this.source.costs,
      macs: () => this.macs(),
    };
    return levelOf(source, place.group, group, place.group === folded.whole);
  }

  private total: number | null = null;

  /** Multiply-adds of the whole model. */
  private macs(): number {
    this.total ??= leaves(this.source.costs.nodes).reduce((sum, { macs, times }) => sum + Number(macs ?? 0n) * Number(times ?? 0n), 0);
    return this.total;
  }

  groupsOf(node: string): readonly string[] {
    return this.chains.get(node) ?? [];
  }

  /** Block ids of inner scopes begin with the scope's id: those are listed with their scope. */
  private sortBlocks(blocks: readonly Block[]): void {
    for (const block of blocks) {
      const scope = scopeOf(block);
      const list = this.blocksOf.get(scope) ?? [];
      list.push(block);
      this.blocksOf.set(scope, list);
      this.sortInner(block, scope);
    }
  }

  private sortInner(block: Block, scope: string): void {
    for (const child of block.children) {
      if (scopeOf(child) !== scope) this.sortBlocks([child]);
      else this.sortInner(child, scope);
    }
  }

  private addScope(scope: ScopeShapes, outer: Flow | null, around: readonly string[]): FoldedScope {
    const flow = flowOf(this.source.shapes, scope, outer);
    const whole = groupScope(flow, scope.id, this.blocksOf.get(scope.id) ?? [], this.source.blocks.numbers, this.source.costs.of(scope));
    const folded: FoldedScope = { scope, flow, whole, around };
    this.addGroup(folded, whole, around);
    flow.ids.forEach((id, index) => {
      if (flow.visible[index] || this.chains.has(id)) return;
      this.chains.set(id, this.hiddenChain(this.source.blocks.places.get(scope)?.blocks[index], around));
    });
    if (scope.bodies.size > 0) this.addBodies(folded);
    return folded;
  }

  private addBodies({ scope, flow, around }: FoldedScope): void {
    for (const [index, node] of flow.nodes.entries()) {
      const bodies = scope.bodies.get(node);
      if (!bodies) continue;
      const id = flow.ids[index] ?? '';
      const inner = [...(this.chains.get(id) ?? around), id];
      const [only] = bodies;
      if (bodies.length === 1 && only) {
        const body = this.addScope(only, flow, inner);
        this.places.set(id, { folded: body, group: body.whole });
      } else
        this.branches.set(
          id,
          bodies.map((body) => this.addScope(body, flow, [...inner, body.id])),
        );
    }
  }

  /** Hidden nodes are found at the innermost group that stands for the block they belong to. */
  private hiddenChain(block: string | undefined, around: readonly string[]): readonly string[] {
    return (block === undefined ? undefined : this.groupChains.get(block)) ?? around;
  }

  private readonly groupChains = new Map<string, readonly string[]>();

  private addGroup(folded: FoldedScope, group: Group, chain: readonly string[]): void {
    this.places.set(group.id, { folded, group });
    this.groupChains.set(group.id, chain);
    for (const item of group.items) {
      if (item.kind === 'node') this.chains.set(folded.flow.ids[item.index] ?? '', chain);
      else this.addGroup(folded, item.group, [...chain, item.group.id]);
    }
  }

  private bodiesLevel(group: string, bodies: readonly FoldedScope[]): GraphLevel {
    const boxes = bodies.map(({ scope, whole }): GraphBox => {
      const level = this.level(whole.id);
      const first = level.boxes.find((box) => box.kind === 'group' || box.kind === 'node');
      return {
        id: whole.id,
        kind: 'group',
        title: scope.id.slice(scope.id.lastIndexOf('/') + 1),
        subtitle: `${whole.nodes.length} operators`,
        budget: first?.budget ?? 'other',
        category: first?.category ?? 'other',
        repeat: 1,
        operators: whole.nodes.length,
        figures: sumOf(this.source.costs, scope),
        split: first?.split ?? { convolution: 0, attention: 0, feedForward: 0, other: 0 },
        stubs: [],
      };
    });
    return { group, boxes, edges: [], hidden: 0 };
  }
}

function sumOf(costs: CostResult, scope: ScopeShapes): GraphBox['figures'] {
  const sum = new FigureSum();
  for (const cost of costs.nodes.values()) if (cost.scope === scope) sum.add(cost);
  return sum.figures();
}

/** Folds a model by its blocks, and where those leave too many boxes side by side, by runs of its topological order. */
export function foldModel(source: FoldSource): Fold {
  return new FoldedModel(source);
}
