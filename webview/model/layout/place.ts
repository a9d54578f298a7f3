import type { Chained } from './chains';
import { adjacency, eachEdge } from './layers';
import type { Spacing } from './types';

/** A box holds its place against the stand-ins beside it, so that the main chain stays a straight line. */
const BOX_WEIGHT = 1000;

/**
 * Centres that are nearest to `wished` in weighted least squares while neighbours keep their distance:
 * isotonic regression by pooling adjacent violators, linear in the row.
 */
export function spread(wished: readonly number[], weights: readonly number[], gaps: readonly number[]): number[] {
  const offsets: number[] = [];
  let offset = 0;
  wished.forEach((_, index) => {
    offsets.push(offset);
    offset += gaps[index] ?? 0;
  });
  const pools: { mean: number; weight: number; size: number }[] = [];
  wished.forEach((wish, index) => {
    let pool = { mean: wish - (offsets[index] ?? 0), weight: weights[index] ?? 1, size: 1 };
    for (let last = pools.at(-1); last && last.mean >= pool.mean; last = pools.at(-1)) {
      pools.pop();
      const weight = last.weight + pool.weight;
      pool = { mean: (last.mean * last.weight + pool.mean * pool.weight) / weight, weight, size: last.size + pool.size };
    }
    pools.push(pool);
  });
  return pools.flatMap((pool) => Array<number>(pool.size).fill(pool.mean)).map((mean, index) => mean + (offsets[index] ?? 0));
}

interface Placing {
  readonly chained: Chained;
  readonly rows: readonly (readonly number[])[];
  readonly boxes: number;
  readonly spacing: Spacing;
  readonly center: Float64Array;
}

function gapBetween({ chained, boxes, spacing }: Placing, left: number, right: number): number {
  const widths = ((chained.width[left] ?? 0) + (chained.width[right] ?? 0)) / 2;
  const lines = (left >= boxes ? 1 : 0) + (right >= boxes ? 1 : 0);
  return widths + (lines === 2 ? spacing.lines : lines === 1 ? (spacing.columns + spacing.lines) / 2 : spacing.columns);
}

/** Calls `visit` with each neighbour of `node` and how far right of it the node wants to stand. */
type Neighbours = (node: number, visit: (other: number, shift: number) => void) => void;

function placeRow(placing: Placing, row: readonly number[], neighbours: Neighbours): void {
  const { boxes, center } = placing;
  const wished: number[] = [];
  const weights: number[] = [];
  for (const node of row) {
    let sum = 0;
    let total = 0;
    neighbours(node, (other, shift) => {
      const weight = node < boxes && other < boxes ? BOX_WEIGHT : 1;
      sum += weight * ((center[other] ?? 0) + shift);
      total += weight;
    });
    wished.push(total === 0 ? (center[node] ?? 0) : sum / total);
    weights.push(total === 0 ? 1 / BOX_WEIGHT : node < boxes ? BOX_WEIGHT : 1);
  }
  const gaps = row.map((node, index) => (index + 1 < row.length ? gapBetween(placing, node, row[index + 1] ?? 0) : 0));
  spread(wished, weights, gaps).forEach((position, index) => {
    center[row[index] ?? 0] = position;
  });
}

/** Moves the stand-ins of one edge onto as few vertical lines as their neighbours allow. */
function straighten(placing: Placing, chain: readonly number[], place: Int32Array): void {
  const { chained, rows, center } = placing;
  const room = (node: number): [number, number] => {
    const row = rows[chained.layerOf[node] ?? 0] ?? [];
    const left = row[(place[node] ?? 0) - 1];
    const right = row[(place[node] ?? 0) + 1];
    return [
      left === undefined ? Number.NEGATIVE_INFINITY : (center[left] ?? 0) + gapBetween(placing, left, node),
      right === undefined ? Number.POSITIVE_INFINITY : (center[right] ?? 0) - gapBetween(placing, node, right),
    ];
  };
  for (let first = 0; first < chain.length; ) {
    let low = Number.NEGATIVE_INFINITY;
    let high = Number.POSITIVE_INFINITY;
    let sum = 0;
    let end = first;
    for (; end < chain.length; end++) {
      const node = chain[end] ?? 0;
      const [from, to] = room(node);
      if (end > first && Math.max(low, from) > Math.min(high, to)) break;
      low = Math.max(low, from);
      high = Math.min(high, to);
      sum += center[node] ?? 0;
    }
    const line = Math.min(Math.max(sum / (end - first), low), Math.max(low, high));
    for (let index = first; index < end; index++) center[chain[index] ?? 0] = line;
    first = end;
  }
}

/** Horizontal centres of all boxes and stand-ins. Linear per sweep. */
export function placeColumns(chained: Chained, rows: readonly (readonly number[])[], boxes: number, spacing: Spacing): Float64Array {
  const placing: Placing = { chained, rows, boxes, spacing, center: new Float64Array(chained.count) };
  const outgoing = adjacency(chained.count, chained.steps, 'from');
  const incoming = adjacency(chained.count, chained.steps, 'to');
  const { steps } = chained;
  const above: Neighbours = (node, visit) => eachEdge(incoming, node, (step) => visit(steps[step]?.from ?? 0, steps[step]?.shift ?? 0));
  const below: Neighbours = (node, visit) => eachEdge(outgoing, node, (step) => visit(steps[step]?.to ?? 0, -(steps[step]?.shift ?? 0)));
  for (const row of rows) placeRow(placing, row, above);
  for (const row of [...rows].reverse()) placeRow(placing, row, below);
  for (const row of rows) placeRow(placing, row, above);
  const place = new Int32Array(chained.count);
  for (const row of rows) {
    row.forEach((node, index) => {
      place[node] = index;
    });
  }
  for (const chain of chained.passes) if (chain && chain.length > 1) straighten(placing, chain, place);
  return placing.center.map(Math.round);
}
