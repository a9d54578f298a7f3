import { maximumOf, minimumOf } from '../../../src/data';
import type { Chained } from './chains';
import { adjacency, eachEdge } from './layers';
import type { LayoutEdge, LayoutNode, Route, Spacing } from './types';

/** Distance of two edges that enter the same box, and of the outermost from the box's corner. */
const ENTRY_GAP = 16;
const CORNER = 12;
/** More lines than this share lanes. */
const MAX_LANES = 24;

/** Where the boxes stand, for the lines that go between them. */
export interface Placement {
  readonly nodes: readonly LayoutNode[];
  readonly edges: readonly LayoutEdge[];
  readonly chained: Chained;
  readonly center: Float64Array;
  /** Top of each layer's row and its height. */
  readonly rowTop: Float64Array;
  readonly rowHeight: Float64Array;
  /** Tops of the boxes. */
  readonly y: Float64Array;
  readonly spacing: Spacing;
}

/** Where each edge enters its box, as an offset from the box's centre; an edge from straight above keeps the centre. */
export function entryOffsets({ nodes, edges, chained, center }: Placement): Float64Array {
  const offsets = new Float64Array(edges.length);
  const incoming = adjacency(nodes.length, edges, 'to');
  nodes.forEach((node, index) => {
    const entering: { edge: number; side: number }[] = [];
    eachEdge(incoming, index, (edge) => {
      const last = chained.passes[edge]?.at(-1) ?? edges[edge]?.from ?? index;
      const around = chained.passes[edge] === null;
      entering.push({ edge, side: around ? Number.POSITIVE_INFINITY : (center[last] ?? 0) - (center[index] ?? 0) });
    });
    for (const { edge } of entering) offsets[edge] = edges[edge]?.enter ?? 0;
    if (entering.length < 2 || entering.some(({ edge }) => edges[edge]?.enter !== undefined)) return;
    entering.sort((a, b) => a.side - b.side);
    const gap = Math.min(ENTRY_GAP, Math.max(0, node.width - 2 * CORNER) / (entering.length - 1));
    const straight = entering.findIndex(({ side }) => Math.abs(side) < 1);
    const middle = straight >= 0 && entering.length <= 5 ? straight : (entering.length - 1) / 2;
    const limit = node.width / 2 - CORNER;
    entering.forEach(({ edge }, place) => {
      offsets[edge] = Math.max(-limit, Math.min(limit, (place - middle) * gap));
    });
  });
  return offsets;
}

/** Gives each line around the side the innermost lane that is free over its rows. */
export function assignLanes(spans: readonly { readonly top: number; readonly bottom: number }[]): number[] {
  const order = spans.map((_, index) => index).sort((a, b) => (spans[a]?.top ?? 0) - (spans[b]?.top ?? 0));
  const freeFrom: number[] = [];
  const lanes = new Array<number>(spans.length).fill(0);
  for (const index of order) {
    const span = spans[index];
    if (!span) continue;
    let lane = freeFrom.findIndex((row) => row <= span.top);
    if (lane < 0) lane = freeFrom.length < MAX_LANES ? freeFrom.length : index % MAX_LANES;
    freeFrom[lane] = Math.max(freeFrom[lane] ?? 0, span.bottom);
    lanes[index] = lane;
  }
  return lanes;
}

/** One route per edge, and how far right the lanes reach. Edges go strictly downwards, but for those of cycles. */
export function routeEdges(placement: Placement, right: number): { readonly routes: readonly Route[]; readonly right: number } {
  const { nodes, edges, chained, center, rowTop, rowHeight, y, spacing } = placement;
  const offsets = entryOffsets(placement);
  const around = edges.flatMap((_, index) => (chained.passes[index] === null ? [index] : []));
  const layer = (node: number) => chained.layerOf[node] ?? 0;
  const lanes = assignLanes(
    around.map((index) => {
      const ends = [layer(edges[index]?.from ?? 0), layer(edges[index]?.to ?? 0)];
      return { top: minimumOf(ends), bottom: maximumOf(ends) + 1 };
    }),
  );
  const laneOf = new Map(around.map((index, place) => [index, lanes[place] ?? 0]));
  const routes = edges.map((edge, index): Route => {
    const startX = (center[edge.from] ?? 0) + (edge.exit ?? 0);
    const startY = (y[edge.from] ?? 0) + (nodes[edge.from]?.height ?? 0);
    const endX = (center[edge.to] ?? 0) + (offsets[index] ?? 0);
    const endY = y[edge.to] ?? 0;
    const passes = chained.passes[index];
    if (passes === null || passes === undefined) {
      const lane = right + spacing.columns + (laneOf.get(index) ?? 0) * spacing.lines;
      const below = (rowTop[layer(edge.from)] ?? 0) + (rowHeight[layer(edge.from)] ?? 0) + spacing.rows / 3;
      const above = (rowTop[layer(edge.to)] ?? 0) - spacing.rows / 2;
      return { kind: 'lane', points: [startX, startY, startX, below, lane, below, lane, above, endX, above, endX, endY] };
    }
    const points = [startX, startY, startX, (rowTop[layer(edge.from)] ?? 0) + (rowHeight[layer(edge.from)] ?? 0)];
    for (const standIn of passes) {
      const top = rowTop[layer(standIn)] ?? 0;
      points.push(center[standIn] ?? 0, top, center[standIn] ?? 0, top + (rowHeight[layer(standIn)] ?? 0));
    }
    points.push(endX, rowTop[layer(edge.to)] ?? 0, endX, endY);
    return { kind: 'curve', points };
  });
  const used = lanes.length === 0 ? right : right + spacing.columns + lanes.reduce((most, lane) => Math.max(most, lane), 0) * spacing.lines;
  return { routes, right: used };
}
