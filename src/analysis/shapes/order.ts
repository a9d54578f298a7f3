import type { Graph, Node } from '../../model';

/** An order in which every value is made before it is read. */
export interface Order {
  /** Every node that is on no cycle. */
  readonly nodes: readonly Node[];
  /** Nodes on a cycle (or between two), in file order. */
  readonly cyclic: readonly Node[];
}

const NO_BODIES: readonly Graph[] = [];

/** The graphs a node holds as attributes. */
export function bodiesOf(node: Node): readonly Graph[] {
  let bodies: Graph[] | null = null;
  for (const name in node.attributes) {
    const attribute = node.attributes[name];
    if (attribute?.kind === 'graph') bodies = [...(bodies ?? []), attribute.value];
    else if (attribute?.kind === 'graphs') bodies = [...(bodies ?? []), ...attribute.value];
  }
  return bodies ?? NO_BODIES;
}

/** Names a node reads from its own graph: its inputs and what its bodies capture. */
export function readsOf(node: Node): readonly string[] {
  const bodies = bodiesOf(node);
  if (bodies === NO_BODIES) return node.inputs;
  const read = new Set(node.inputs);
  const made = new Set<string>();
  const pending = [...bodies];
  for (let graph = pending.pop(); graph; graph = pending.pop()) {
    for (const value of graph.inputs) made.add(value.name);
    for (const tensor of graph.initializers) made.add(tensor.name);
    for (const tensor of graph.sparseInitializers) made.add(tensor.name);
    for (const value of graph.outputs) read.add(value.name);
    for (const inner of graph.nodes) {
      for (const name of inner.inputs) read.add(name);
      for (const name of inner.outputs) made.add(name);
      pending.push(...bodiesOf(inner));
    }
  }
  return [...read].filter((name) => !made.has(name));
}

interface Edges {
  /** Positions of the nodes that each node waits for. */
  readonly before: readonly ReadonlySet<number>[];
  readonly after: readonly (readonly number[])[];
}

function edgesOf(nodes: readonly Node[], reads: readonly (readonly string[])[], producer: ReadonlyMap<string, number>): Edges {
  const after: number[][] = nodes.map(() => []);
  const before = nodes.map((_, position) => {
    const makers = new Set<number>();
    for (const name of reads[position] ?? []) {
      const maker = producer.get(name);
      if (maker !== undefined) makers.add(maker);
    }
    for (const maker of makers) after[maker]?.push(position);
    return makers;
  });
  return { before, after };
}

/** Kahn's algorithm over positions; edges from `ignored` nodes do not count, and those nodes are left out. */
function sort(count: number, edges: Edges, ignored: ReadonlySet<number>): number[] {
  const waiting = new Int32Array(count);
  const ready: number[] = [];
  for (let i = 0; i < count; i++) {
    if (ignored.has(i)) continue;
    for (const maker of edges.before[i] ?? []) if (!ignored.has(maker)) waiting[i] = (waiting[i] ?? 0) + 1;
    if (waiting[i] === 0) ready.push(i);
  }
  for (let at = 0; at < ready.length; at++) {
    for (const reader of edges.after[ready[at] ?? 0] ?? []) {
      if (ignored.has(reader)) continue;
      waiting[reader] = (waiting[reader] ?? 0) - 1;
      if (waiting[reader] === 0) ready.push(reader);
    }
  }
  return ready;
}

/** Of the nodes that never became ready, those a cycle runs through: the rest only wait for them. */
function onCycles(left: Set<number>, edges: Edges): Set<number> {
  const readers = new Map<number, number>();
  const done: number[] = [];
  for (const node of left) {
    const count = (edges.after[node] ?? []).filter((reader) => left.has(reader)).length;
    readers.set(node, count);
    if (count === 0) done.push(node);
  }
  for (let node = done.pop(); node !== undefined; node = done.pop()) {
    left.delete(node);
    for (const maker of edges.before[node] ?? []) {
      if (!left.has(maker)) continue;
      const count = (readers.get(maker) ?? 0) - 1;
      readers.set(maker, count);
      if (count === 0) done.push(maker);
    }
  }
  return left;
}

/** A body is ordered once, however often it is inferred. */
const known = new WeakMap<readonly Node[], Order>();

/** Orders a graph's nodes: file order where that is topological already, else sorted, cycles set apart. Linear, no recursion. */
export function orderNodes(nodes: readonly Node[]): Order {
  const before = known.get(nodes);
  if (before) return before;
  const order = makeOrder(nodes);
  known.set(nodes, order);
  return order;
}

/** True where every value that a node makes is read by later nodes only. */
function isSorted(reads: readonly (readonly string[])[], producer: ReadonlyMap<string, number>): boolean {
  for (let position = 0; position < reads.length; position++) {
    const names = reads[position] ?? [];
    for (let at = 0; at < names.length; at++) if ((producer.get(names[at] ?? '') ?? -1) >= position) return false;
  }
  return true;
}

function makeOrder(nodes: readonly Node[]): Order {
  const producer = new Map<string, number>();
  nodes.forEach(({ outputs }, position) => {
    for (let at = 0; at < outputs.length; at++) {
      const name = outputs[at] ?? '';
      if (name !== '' && !producer.has(name)) producer.set(name, position);
    }
  });
  const reads = nodes.map(readsOf);
  if (isSorted(reads, producer)) return { nodes, cyclic: [] };
  const edges = edgesOf(nodes, reads, producer);
  const none: ReadonlySet<number> = new Set();
  let positions = sort(nodes.length, edges, none);
  const cyclic: Node[] = [];
  if (positions.length < nodes.length) {
    const reached = new Set(positions);
    const left = new Set<number>();
    for (let i = 0; i < nodes.length; i++) if (!reached.has(i)) left.add(i);
    const cycles = onCycles(left, edges);
    nodes.forEach((node, position) => {
      if (cycles.has(position)) cyclic.push(node);
    });
    positions = sort(nodes.length, edges, cycles);
  }
  return { nodes: positions.flatMap((position) => nodes[position] ?? []), cyclic };
}
