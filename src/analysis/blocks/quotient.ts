import type { Flow } from './flow';

/** Result of ordering groups of nodes by the data between them. */
export interface QuotientOrder {
  /** Group numbers in an order in which data runs forward only, as far as there is one. */
  readonly order: readonly number[];
  /** Groups on a cycle: data leaves them and comes back through others. */
  readonly cyclic: readonly number[];
}

/** Smallest number first, as far as edges allow. */
class Heap {
  private readonly items: number[] = [];

  constructor(private readonly key: (item: number) => number) {}

  get size(): number {
    return this.items.length;
  }

  push(item: number): void {
    const { items, key } = this;
    let at = items.push(item) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (key(items[up] as number) <= key(item)) break;
      items[at] = items[up] as number;
      at = up;
    }
    items[at] = item;
  }

  pop(): number {
    const { items, key } = this;
    const top = items[0] as number;
    const item = items.pop() as number;
    if (items.length === 0) return top;
    let at = 0;
    for (let down = 1; down < items.length; down = 2 * at + 1) {
      if (down + 1 < items.length && key(items[down + 1] as number) < key(items[down] as number)) down++;
      if (key(items[down] as number) >= key(item)) break;
      items[at] = items[down] as number;
      at = down;
    }
    items[at] = item;
    return top;
  }
}

/** The last node of each group. */
function lastOf(groups: readonly (readonly number[])[]): Int32Array {
  const last = new Int32Array(groups.length).fill(-1);
  groups.forEach((nodes, group) => {
    for (let at = 0; at < nodes.length; at++) if ((nodes[at] as number) > (last[group] as number)) last[group] = nodes[at] as number;
  });
  return last;
}

/** Groups that data goes to from each group, once each. */
function targetsOf(flow: Flow, groups: readonly (readonly number[])[], groupOf: (index: number) => number): readonly (readonly number[])[] {
  const seenFrom = new Int32Array(groups.length).fill(-1);
  return groups.map((nodes, group) => {
    const targets: number[] = [];
    for (let at = 0; at < nodes.length; at++) {
      const readers = flow.after[nodes[at] as number] ?? [];
      for (let next = 0; next < readers.length; next++) {
        const other = groupOf(readers[next] as number);
        if (other < 0 || other === group || seenFrom[other] === group) continue;
        seenFrom[other] = group;
        targets.push(other);
      }
    }
    return targets;
  });
}

/**
 * Orders groups topologically (Kahn), those with the earlier last node first.
 * `groupOf` gives each node's group, -1 for nodes that are in none.
 */
export function orderGroups(flow: Flow, groups: readonly (readonly number[])[], groupOf: (index: number) => number): QuotientOrder {
  const targets = targetsOf(flow, groups, groupOf);
  const incoming = new Int32Array(groups.length);
  for (let group = 0; group < targets.length; group++) {
    const others = targets[group] ?? [];
    for (let at = 0; at < others.length; at++) incoming[others[at] as number] = (incoming[others[at] as number] as number) + 1;
  }
  const last = lastOf(groups);
  const ready = new Heap((group) => last[group] as number);
  for (let group = 0; group < groups.length; group++) if (incoming[group] === 0) ready.push(group);
  const order: number[] = [];
  while (ready.size > 0) {
    const group = ready.pop();
    order.push(group);
    const others = targets[group] ?? [];
    for (let at = 0; at < others.length; at++) {
      const other = others[at] as number;
      incoming[other] = (incoming[other] as number) - 1;
      if (incoming[other] === 0) ready.push(other);
    }
  }
  return { order, cyclic: onCycles(targets, order) };
}

/** Of the groups that no order reached, those that data both reaches from and leads to a cycle (trimmed from the far end). */
function onCycles(targets: readonly (readonly number[])[], order: readonly number[]): readonly number[] {
  if (order.length === targets.length) return [];
  const done = new Set(order);
  const left = targets.map((_, group) => group).filter((group) => !done.has(group));
  const outgoing = new Map(left.map((group) => [group, [...(targets[group] ?? [])].filter((other) => !done.has(other)).length]));
  const sources = new Map<number, number[]>(left.map((group) => [group, []]));
  for (const group of left) for (const other of targets[group] ?? []) sources.get(other)?.push(group);
  const ends = left.filter((group) => outgoing.get(group) === 0);
  for (let at = 0; at < ends.length; at++) {
    for (const source of sources.get(ends[at] ?? -1) ?? []) {
      outgoing.set(source, (outgoing.get(source) ?? 0) - 1);
      if (outgoing.get(source) === 0) ends.push(source);
    }
  }
  const trimmed = new Set(ends);
  return left.filter((group) => !trimmed.has(group));
}
