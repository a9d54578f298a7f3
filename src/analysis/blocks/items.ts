import type { Draft, DraftTree } from './draft';
import type { Flow } from './flow';
import { orderGroups } from './quotient';

/** One item of the outermost level: a block, or a node in none. */
export interface Item {
  readonly block: Draft | null;
  readonly nodes: number[];
}

/** Blocks and loose nodes in an order that data follows; blocks that make this impossible are taken out of the tree. */
export function orderedItems(flow: Flow, tree: DraftTree): readonly Item[] {
  for (;;) {
    const items: Item[] = [];
    const at = new Map<number, number>();
    const roots = new Map<Draft, number>();
    flow.shown.forEach((index) => {
      const block = tree.rootOf(index) ?? null;
      const known = block ? roots.get(block) : undefined;
      if (known !== undefined) {
        at.set(index, known);
        items[known]?.nodes.push(index);
        return;
      }
      if (block) roots.set(block, items.length);
      at.set(index, items.length);
      items.push({ block, nodes: [index] });
    });
    const { order, cyclic } = orderGroups(
      flow,
      items.map((item) => item.nodes),
      (index) => at.get(index) ?? -1,
    );
    const broken = cyclic.map((group) => items[group]?.block).find((block) => block !== null && block !== undefined);
    if (!broken) return [...order, ...cyclic].map((group) => items[group] as Item);
    tree.remove(broken);
  }
}
