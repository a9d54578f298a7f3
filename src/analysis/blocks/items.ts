import type { Draft, DraftTree } from './draft';
import type { Flow } from './flow';
import { orderGroups } from './quotient';

/** One item of the outermost level: a block, or a node in none. */
export interface Item {
  readonly block: Draft | null;
  readonly nodes: number[];
}

interface Known {
  readonly version: number;
  readonly items: readonly Item[];
}

const KNOWN = new WeakMap<DraftTree, Known>();

/** Blocks and loose nodes in an order that data follows; blocks that make this impossible are taken out of the tree. Kept until the tree changes. */
export function orderedItems(flow: Flow, tree: DraftTree): readonly Item[] {
  const known = KNOWN.get(tree);
  if (known?.version === tree.version) return known.items;
  const items = order(flow, tree);
  KNOWN.set(tree, { version: tree.version, items });
  return items;
}

function order(flow: Flow, tree: DraftTree): readonly Item[] {
  const at = new Int32Array(flow.nodes.length);
  for (;;) {
    const items = itemsOf(flow, tree, at.fill(-1));
    const { order, cyclic } = orderGroups(
      flow,
      items.map((item) => item.nodes),
      (index) => at[index] as number,
    );
    const broken = cyclic.map((group) => items[group]?.block).find((block) => block !== null && block !== undefined);
    if (!broken) return [...order, ...cyclic].map((group) => items[group] as Item);
    tree.remove(broken);
  }
}

/** Items by their first nodes; notes of each node the item that it is in. */
function itemsOf(flow: Flow, tree: DraftTree, at: Int32Array): readonly Item[] {
  const items: Item[] = [];
  const roots = new Map<Draft, number>();
  for (const index of flow.shown) {
    const block = tree.rootOf(index) ?? null;
    const known = block ? roots.get(block) : undefined;
    if (known !== undefined) {
      at[index] = known;
      items[known]?.nodes.push(index);
      continue;
    }
    if (block) roots.set(block, items.length);
    at[index] = items.length;
    items.push({ block, nodes: [index] });
  }
  return items;
}
