import type { Flow } from '../blocks/flow';
import { orderGroups } from '../blocks/quotient';
import type { BlockResult } from '../blocks/types';
import type { Block } from '../profile';
import { chunk } from './chunks';
import type { Group, Item } from './group';

interface Draft {
  readonly block: Block | null;
  readonly nodes: readonly number[];
  readonly hidden: number;
}

class Builder {
  private readonly place: Int32Array;

  constructor(
    private readonly flow: Flow,
    private readonly numbers: BlockResult['numbers'],
  ) {
    this.place = new Int32Array(flow.nodes.length).fill(-1);
  }

  /** Nodes of a block in this scope, told apart by whether they are drawn. */
  private draftOf(block: Block): Draft {
    const nodes: number[] = [];
    let hidden = 0;
    for (const index of this.numbers.get(block) ?? []) {
      if (this.flow.visible[index]) nodes.push(index);
      else hidden++;
    }
    return { block, nodes, hidden };
  }

  /** Items of a group in topological order; blocks through which data would run in a circle are opened. */
  private items(nodes: readonly number[], blocks: readonly Block[]): readonly Item[] {
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
        const inner = (broken.draft.block?.children ?? []).map((block) => this.draftOf(block)).filter((draft) => draft.nodes.length > 0);
        children = [...children.filter((draft) => draft !== broken.draft), ...inner];
        continue;
      }
      for (const index of nodes) this.place[index] = -1;
      const sorted = [...order, ...cyclic].flatMap((at) => parts[at] ?? []);
      return sorted.map((part): Item => (part.kind === 'node' ? part : { kind: 'group', group: this.group(part.draft) }));
    }
  }

  private parts(nodes: readonly number[], children: readonly Draft[]) {
    const parts: ({ readonly kind: 'node'; readonly index: number } | { readonly kind: 'draft'; readonly draft: Draft })[] = [];
    for (const index of nodes) this.place[index] = -1;
    for (const draft of children) {
      for (const index of draft.nodes) this.place[index] = parts.length;
      parts.push({ kind: 'draft', draft });
    }
    for (const index of nodes) {
      if ((this.place[index] ?? -1) >= 0) continue;
      this.place[index] = parts.length;
      parts.push({ kind: 'node', index });
    }
    return parts;
  }

  private group(draft: Draft): Group {
    const items = this.items(draft.nodes, draft.block?.children ?? []);
    const id = draft.block?.id ?? '';
    return { id, block: draft.block, title: '', nodes: draft.nodes, hidden: draft.hidden, items: chunk(this.flow, items, id) };
  }

  whole(id: string, blocks: readonly Block[]): Group {
    const nodes: number[] = [];
    this.flow.visible.forEach((visible, index) => {
      if (visible) nodes.push(index);
    });
    const items = this.items(nodes, blocks);
    return {
      id,
      block: null,
      title: '',
      nodes,
      hidden: this.flow.nodes.length - nodes.length,
      items: chunk(this.flow, items, id === '' ? 'run' : id),
    };
  }
}

/** Folds one scope by its blocks, and by runs of its order where a level would hold too many boxes. */
export function groupScope(flow: Flow, id: string, blocks: readonly Block[], numbers: BlockResult['numbers']): Group {
  return new Builder(flow, numbers).whole(id, blocks);
}
