import { type Lists, turned } from './lists';

/** Node numbers in an order in which every value is made before it is read. */
export interface Order {
  /** Every node that is on no cycle. */
  readonly sorted: readonly number[];
  /** Nodes on a cycle (or between two), ascending. */
  readonly cyclic: readonly number[];
}

/** Who waits for whom: `before` and `after` of each node, once each. */
interface Edges {
  readonly before: Lists;
  readonly after: Lists;
}

function edgesOf(reads: Lists, producer: Int32Array): Edges {
  const makers = Int32Array.from(reads.items, (value) => (value < 0 ? -1 : (producer[value] ?? -1)));
  const count = reads.starts.length - 1;
  const after = turned({ starts: reads.starts, items: makers }, count);
  return { after, before: turned(after, count) };
}

function each({ starts, items }: Lists, list: number, visit: (item: number) => void): void {
  const end = starts[list + 1] as number;
  for (let at = starts[list] as number; at < end; at++) visit(items[at] as number);
}

/** Kahn's algorithm; edges from `ignored` nodes do not count, and those nodes are left out. */
function sort(count: number, edges: Edges, ignored: ReadonlySet<number>): number[] {
  const waiting = new Int32Array(count);
  const ready: number[] = [];
  for (let i = 0; i < count; i++) {
    if (ignored.has(i)) continue;
    each(edges.before, i, (maker) => {
      if (!ignored.has(maker)) waiting[i] = (waiting[i] as number) + 1;
    });
    if (waiting[i] === 0) ready.push(i);
  }
  for (let at = 0; at < ready.length; at++) {
    each(edges.after, ready[at] as number, (reader) => {
      if (ignored.has(reader)) return;
      waiting[reader] = (waiting[reader] as number) - 1;
      if (waiting[reader] === 0) ready.push(reader);
    });
  }
  return ready;
}

/** Of the nodes that never became ready, those a cycle runs through: the rest only wait for them. */
function onCycles(left: Set<number>, edges: Edges): Set<number> {
  const readers = new Map<number, number>();
  const done: number[] = [];
  for (const node of left) {
    let count = 0;
    each(edges.after, node, (reader) => {
      if (left.has(reader)) count++;
    });
    readers.set(node, count);
    if (count === 0) done.push(node);
  }
  for (let node = done.pop(); node !== undefined; node = done.pop()) {
    left.delete(node);
    each(edges.before, node, (maker) => {
      if (!left.has(maker)) return;
      const count = (readers.get(maker) ?? 0) - 1;
      readers.set(maker, count);
      if (count === 0) done.push(maker);
    });
  }
  return left;
}

/** True where every value that a node makes is read by later nodes only. */
function isSorted({ starts, items }: Lists, producer: Int32Array): boolean {
  for (let node = 0; node + 1 < starts.length; node++) {
    const end = starts[node + 1] as number;
    for (let at = starts[node] as number; at < end; at++) {
      const value = items[at] as number;
      if (value >= 0 && (producer[value] as number) >= node) return false;
    }
  }
  return true;
}

/**
 * Orders nodes, given the values that each reads and the node that makes each
 * value (-1 for none); `null` where their own order is one already. Linear, no
 * recursion.
 */
export function orderNodes(reads: Lists, producer: Int32Array): Order | null {
  if (isSorted(reads, producer)) return null;
  const count = reads.starts.length - 1;
  const edges = edgesOf(reads, producer);
  const sorted = sort(count, edges, new Set());
  if (sorted.length === count) return { sorted, cyclic: [] };
  const left = new Set(Array.from({ length: count }, (_, node) => node));
  for (const node of sorted) left.delete(node);
  const cycles = onCycles(left, edges);
  return { sorted: sort(count, edges, cycles), cyclic: [...cycles] };
}
