import type { DescribedCore } from './copies';
import { type DraftTree, draft } from './draft';
import type { Flow } from './flow';

/** Operators behind the attention of the longest such head: a norm, a feed-forward network and a classifier. */
const MAX_TAIL = 40;

/** True where no input of the model reaches the queries: they are learned. */
function hasLearnedQueries(flow: Flow, { found }: DescribedCore): boolean {
  return flow.origin(found.core.query) !== 'data';
}

/**
 * The head that pools tokens by an attention of one learned query, as in SigLIP (arXiv 2303.15343) after the Set
 * Transformer (1810.00825): the network's last attention, with all that stands behind it.
 */
export function addAttentionPooling(flow: Flow, tree: DraftTree, cores: readonly DescribedCore[]): void {
  const last = cores.at(-1);
  if (!last || cores.length < 2 || last.core.queries !== 1 || !hasLearnedQueries(flow, last)) return;
  const nodes = new Set([...last.block.nodes].filter((index) => flow.visible[index]));
  const own = nodes.size;
  let first = Number.POSITIVE_INFINITY;
  for (const index of nodes) first = Math.min(first, index);
  for (const index of flow.shown) {
    if (index > first && flow.before[index]?.some((source) => nodes.has(source))) nodes.add(index);
    if (nodes.size > own + MAX_TAIL) return;
  }
  tree.insert(draft('head', 'Attention-pooling head', [...last.block.nodes, ...nodes], { queries: 1, heads: last.core.heads }));
}
