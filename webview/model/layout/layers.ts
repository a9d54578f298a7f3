import type { LayoutEdge, LayoutNode } from './types';

/** Neighbours of every node as slices of one array: `list[start[n]] .. list[start[n + 1] - 1]` are edge indices. */
export interface Adjacency {
  readonly start: Int32Array;
  readonly list: Int32Array;
}

/** Edge indices by the node that `end` picks. Linear. */
export function adjacency(count: number, edges: readonly LayoutEdge[], end: 'from' | 'to'): Adjacency {
  const start = new Int32Array(count + 1);
  for (const edge of edges) start[edge[end] + 1] = (start[edge[end] + 1] ?? 0) + 1;
  for (let node = 0; node < count; node++) start[node + 1] = (start[node + 1] ?? 0) + (start[node] ?? 0);
  const fill = start.slice();
  const list = new Int32Array(edges.length);
  edges.forEach((edge, index) => {
    const slot = fill[edge[end]] ?? 0;
    list[slot] = index;
    fill[edge[end]] = slot + 1;
  });
  return { start, list };
}

/** Calls `visit` with each edge index of a node. */
export function eachEdge({ start, list }: Adjacency, node: number, visit: (edge: number) => void): void {
  const last = start[node + 1] ?? 0;
  for (let slot = start[node] ?? 0; slot < last; slot++) visit(list[slot] ?? 0);
}

/**
 * A topological order by Kahn's method. Where a cycle is left, its first node in the given order goes
 * next, so that a wrong file is drawn too; the edges that then point backwards are the cycle's.
 */
export function topologicalOrder(count: number, edges: readonly LayoutEdge[]): Int32Array {
  const outgoing = adjacency(count, edges, 'from');
  const waiting = new Int32Array(count);
  for (const edge of edges) if (edge.from !== edge.to) waiting[edge.to] = (waiting[edge.to] ?? 0) + 1;
  const order = new Int32Array(count);
  const placed = new Uint8Array(count);
  let head = 0;
  let tail = 0;
  const place = (node: number) => {
    placed[node] = 1;
    order[tail++] = node;
  };
  for (let node = 0; node < count; node++) if (waiting[node] === 0) place(node);
  let next = 0;
  while (tail < count || head < tail) {
    if (head === tail) {
      while (placed[next]) next++;
      place(next);
    }
    const node = order[head++] ?? 0;
    eachEdge(outgoing, node, (index) => {
      const to = edges[index]?.to ?? node;
      if (placed[to] || to === node) return;
      waiting[to] = (waiting[to] ?? 0) - 1;
      if (waiting[to] === 0) place(to);
    });
  }
  return order;
}

/**
 * Longest-path layering: every edge points to a deeper layer, but for those of cycles. Boxes that
 * nothing enters (constants, late inputs) are pulled down next to the first box that reads them,
 * pinned ones stay at the top or go to the bottom.
 */
export function assignLayers(nodes: readonly Pick<LayoutNode, 'pin'>[], edges: readonly LayoutEdge[]): Int32Array {
  const count = nodes.length;
  const order = topologicalOrder(count, edges);
  const position = new Int32Array(count);
  order.forEach((node, index) => {
    position[node] = index;
  });
  const forward = (edge: LayoutEdge) => (position[edge.from] ?? 0) < (position[edge.to] ?? 0);
  const outgoing = adjacency(count, edges, 'from');
  const layers = new Int32Array(count);
  const entered = new Uint8Array(count);
  for (const node of order) {
    eachEdge(outgoing, node, (index) => {
      const edge = edges[index];
      if (!edge || !forward(edge)) return;
      entered[edge.to] = 1;
      layers[edge.to] = Math.max(layers[edge.to] ?? 0, (layers[node] ?? 0) + 1);
    });
  }
  for (const node of order) {
    if (entered[node] || nodes[node]?.pin === 'top') continue;
    let nearest = Number.POSITIVE_INFINITY;
    eachEdge(outgoing, node, (index) => {
      const edge = edges[index];
      if (edge && forward(edge)) nearest = Math.min(nearest, layers[edge.to] ?? 0);
    });
    if (Number.isFinite(nearest)) layers[node] = nearest - 1;
  }
  const deepest = layers.reduce((most, layer) => Math.max(most, layer), 0);
  nodes.forEach(({ pin }, node) => {
    const { start } = outgoing;
    if (pin === 'bottom' && start[node] === start[node + 1]) layers[node] = deepest;
  });
  return layers;
}
