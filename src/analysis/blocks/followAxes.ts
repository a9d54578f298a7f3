import type { FoundAttention } from './attention';
import { AxisTracker } from './axes';
import { type Extents, extentsOf } from './describeCore';
import type { Flow } from './flow';

/** Visible nodes followed in front of an attention: enough for the block before it, where windows may have been cut and joined. */
const PRELUDE = 200;

/** Visible nodes of all attentions of a scope, and `prelude` nodes before each, once, in order. */
function nodesAround(flow: Flow, found: readonly FoundAttention[], prelude: number): readonly number[] {
  const marked = new Uint8Array(flow.nodes.length);
  for (const { region } of found) {
    let first = flow.nodes.length;
    for (const index of region.nodes) {
      if (!flow.visible[index]) continue;
      marked[index] = 1;
      first = Math.min(first, index);
    }
    for (let index = first - 1, left = prelude; index >= 0 && left > 0 && marked[index] === 0; index--) {
      marked[index] = 1;
      if (flow.visible[index]) left--;
    }
  }
  return flow.shown.filter((index) => marked[index] === 1);
}

/** Extents of attentions, their axes followed as far as each; `null` from the first on that has windows. */
function extentsWithoutWindows(flow: Flow, found: readonly FoundAttention[]): readonly Extents[] | null {
  const nodes = nodesAround(flow, found, 0);
  const axes = new AxisTracker(flow);
  const extents: Extents[] = [];
  let followed = 0;
  for (const { core } of found) {
    let end = followed;
    while ((nodes[end] ?? Number.POSITIVE_INFINITY) <= core.weightedSum) end++;
    axes.run(nodes.slice(followed, end));
    followed = end;
    const one = extentsOf(flow, core, axes);
    if (one.batchWindows > 1) return null;
    extents.push(one);
  }
  return extents;
}

/** Extents of every attention of a scope, given in topological order. Windows are cut from a map some way before the attention. */
export function attentionExtents(flow: Flow, found: readonly FoundAttention[]): readonly Extents[] {
  const plain = extentsWithoutWindows(flow, found);
  if (plain) return plain;
  const axes = new AxisTracker(flow);
  axes.run(nodesAround(flow, found, PRELUDE));
  return found.map(({ core }) => extentsOf(flow, core, axes));
}
