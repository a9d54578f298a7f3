import type { Flow } from '../blocks/flow';
import { orderGroups } from '../blocks/quotient';
import type { BlockResult } from '../blocks/types';
import type { NodeCost } from '../cost/types';
import type { Block } from '../profile';
import { chunk } from './chunks';
import { type Group, type Item, shownIn } from './group';
import { gatherLoose } from './loose';

interface Draft {
  readonly block: Block | null;
  readonly nodes: readonly number[];
  readonly hidden: readonly number[];
}

function weighs(cost: NodeCost | undefined): boolean {
  if (!cost || cost.composite) return false;
  return cost.parameters > 0n || cost.buffers > 0n || (cost.macs ?? 0n) > 0n || (cost.flops ?? 0n) > 0n;
}

function hiddenOf(hidden: readonly number[], items: readonly Item[]): Pick<Group, 'hidden' | 'leftOut'> {
  return { hidden, leftOut: hidden.length - shownIn(items) };
}

/** Id of the scope that a block stands in: its own begins with it. */
export function scopeOf({ id }: Block): string {
  const slash = id.lastIndexOf('/');
  return slash < 0 ? '' : id.slice(0, slash);
}

class Builder {
  private readonly place: Int32Array;

  constructor(
    private readonly flow: Flow,
    private readonly scope: string,
    private readonly numbers: BlockResult['numbers'],
    private readonly costs: readonly NodeCost[],
  ) {
    this.place = new Int32Array(flow.nodes.length).fill(-1);
  }

  /** Nodes of a block in this scope, told apart by whether they are drawn. */
  private draftOf(block: Block): Draft {
    const nodes: number[] = [];
    const hidden: number[] = [];
    const numbers = this.numbers.get(block) ?? new Int32Array(0);
    for (let at = 0; at < numbers.length; at++) {
      const index = numbers[at] as number;
      (this.flow.visible[index] ? nodes : hidden).push(index);
    }
    return { block, nodes, hidden };
  }

  /** Blocks within a block; those of bodies within it are drawn inside the nodes that hold them. */
  private within(block: Block | null): readonly Block[] {
    return (block?.children ?? []).filter((child) => scopeOf(child) === this.scope);
  }

  /** Items of a group in topological order; blocks through which data would run in a circle are opened. */
  private items({ nodes, hidden }: Omit<Draft, 'block'>, blocks: readonly Block[], id: string): readonly Item[] {
    let children = blocks.map((block) => this.draftOf(block)).filter((draft) => draft.nodes.length > 0);
    for (;;) {
      const parts = this.parts(nodes, children);
      const { order, cyclic } = orderGroups(
        this.flow,
        parts.map((part) => (part.kind === 'node' ? [part.index] : part.draft.nodes)),
        (index) => this.place[index] ?? -1,
      );
      const broken = cyclic.map((at) => parts[at]).find((part) => part?.kind === 'draft');
      if (broken?.kind === 'draft') {
        const inner = this.within(broken.draft.block)
          .map((block) => this.draftOf(block))
          .filter((draft) => draft.nodes.length > 0);
        children = [...children.filter((draft) => draft !== broken.draft), ...inner];
        continue;
      }
      this.put(nodes, -1);
      const sorted = [...order, ...cyclic].flatMap((at) => parts[at] ?? []);
      const constants = this.constants(hidden, children, id);
      const items = sorted.map((part): Item => (part.kind === 'node' ? part : { kind: 'group', group: this.group(part.draft) }));
      const all = gatherLoose(this.flow, items, id);
      return constants ? [{ kind: 'group', group: constants }, ...all] : all;
    }
  }

  /** Tables and masks made of constants that belong to no block here, where they weigh or compute something: a level's boxes add up. */
  private constants(hidden: readonly number[], children: readonly Draft[], id: string): Group | null {
    for (const draft of children) this.put(draft.hidden, 0);
    const nodes = hidden.filter((index) => this.place[index] === -1 && weighs(this.costs[index]));
    for (const draft of children) this.put(draft.hidden, -1);
    if (nodes.length === 0) return null;
    const items = nodes.map((index): Item => ({ kind: 'node', index }));
    const own = `${id}~constants`;
    return {
      id: own,
      block: null,
      title: 'Constants',
      nodes,
      hidden: [],
      leftOut: 0,
      constants: true,
      items: chunk(this.flow, items, own),
    };
  }

  private put(nodes: readonly number[], place: number): void {
    for (let at = 0; at < nodes.length; at++) this.place[nodes[at] as number] = place;
  }

  private parts(nodes: readonly number[], children: readonly Draft[]) {
    const parts: ({ readonly kind: 'node'; readonly index: number } | { readonly kind: 'draft'; readonly draft: Draft })[] = [];
    this.put(nodes, -1);
    for (const draft of children) {
      this.put(draft.nodes, parts.length);
      parts.push({ kind: 'draft', draft });
    }
    for (let at = 0; at < nodes.length; at++) {
      const index = nodes[at] as number;
      if ((this.place[index] ?? -1) >= 0) continue;
      this.place[index] = parts.length;
      parts.push({ kind: 'node', index });
    }
    return parts;
  }

  private group(draft: Draft): Group {
    const id = draft.block?.id ?? '';
    const items = this.items(draft, this.within(draft.block), id);
    return { id, block: draft.block, title: '', nodes: draft.nodes, ...hiddenOf(draft.hidden, items), items: chunk(this.flow, items, id) };
  }

  whole(blocks: readonly Block[]): Group {
    const id = this.scope;
    const nodes: number[] = [];
    const hidden: number[] = [];
    this.flow.visible.forEach((visible, index) => {
      (visible ? nodes : hidden).push(index);
    });
    const items = this.items({ nodes, hidden }, blocks, id);
    return {
      id,
      block: null,
      title: '',
      nodes,
      ...hiddenOf(hidden, items),
      items: chunk(this.flow, items, id === '' ? 'run' : id),
    };
  }
}

/** Folds one scope by its blocks, and by runs of its order where a level would hold too many boxes. */
export function groupScope(
  flow: Flow,
  id: string,
  blocks: readonly Block[],
  numbers: BlockResult['numbers'],
  costs: readonly NodeCost[],
): Group {
  return new Builder(flow, id, numbers, costs).whole(blocks);
}
