import type { Block, GraphBox } from '../../../src/protocol';
import type { ProfileIndex } from '../profileIndex';

/** Measured microseconds of a box with all that stands inside and all its repeats; `null` where nothing was measured for it. */
export type TimeOf = (box: Pick<GraphBox, 'id' | 'kind' | 'repeat'>) => number | null;

/** How long boxes took, once the model was measured. Boxes that are no block (a piece of a long level) have no time of their own. */
export function boxTimes(index: ProfileIndex): TimeOf | null {
  const { measured } = index;
  if (!measured) return null;
  /** By the first of them, blocks in the order in which they stand beside each other. */
  const beside = new Map<string, { readonly siblings: readonly Block[]; readonly at: number }>();
  const visit = (siblings: readonly Block[]): void => {
    siblings.forEach((block, at) => {
      beside.set(block.id, { siblings, at });
      visit(block.children);
    });
  };
  visit(index.tree);
  return ({ id, kind, repeat }) => {
    if (kind === 'node') return measured.sum([id])?.microseconds ?? null;
    const place = beside.get(id);
    if (!place) return null;
    const { siblings, at } = place;
    // A stage holds what it repeats; a stack stands for neighbours.
    const isStack = (siblings[at]?.repeat ?? 1) > 1;
    const blocks = siblings.slice(at, at + (isStack ? repeat : 1));
    return measured.sum(blocks.flatMap(({ nodes }) => nodes))?.microseconds ?? null;
  };
}
