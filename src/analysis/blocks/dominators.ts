import type { Flow } from './flow';

/**
 * Immediate dominator of every visible node over the data edges: the last node
 * that all data on its way there passes; -1 for none. One pass suffices in
 * topological order (Cooper, Harvey and Kennedy, "A Simple, Fast Dominance
 * Algorithm").
 */
export function immediateDominators(flow: Flow): Int32Array {
  const count = flow.nodes.length;
  const dominator = new Int32Array(count).fill(-1);
  const depth = new Int32Array(count);
  const meet = (left: number, right: number): number => {
    let a = left;
    let b = right;
    while (a !== b && a >= 0 && b >= 0) {
      if ((depth[a] ?? 0) >= (depth[b] ?? 0)) a = dominator[a] ?? -1;
      else b = dominator[b] ?? -1;
    }
    return a === b ? a : -1;
  };
  for (let index = 0; index < count; index++) {
    const sources = flow.before[index] ?? [];
    if (sources.length === 0) continue;
    const outside = flow.nodes[index]?.inputs.some((name) => name !== '' && flow.origin(name) === 'data' && flow.producer(name) < 0);
    let common = outside ? -1 : (sources[0] ?? -1);
    for (let at = 1; at < sources.length && common >= 0; at++) common = meet(common, sources[at] ?? -1);
    dominator[index] = common;
    depth[index] = common < 0 ? 0 : (depth[common] ?? 0) + 1;
  }
  return dominator;
}
