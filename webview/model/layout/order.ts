import type { Chained } from './chains';
import { type Adjacency, adjacency, eachEdge } from './layers';

/** Pairs of down and up passes; more change little. */
const SWEEPS = 4;

/** Number of crossings between neighbouring layers, by counting inversions with a Fenwick tree: O(E log V). */
export function countCrossings(chained: Chained, rows: readonly (readonly number[])[], outgoing: Adjacency): number {
  const position = positions(chained.count, rows);
  let crossings = 0;
  rows.forEach((row, layer) => {
    const size = rows[layer + 1]?.length ?? 0;
    if (size === 0) return;
    const tree = new Int32Array(size + 1);
    let seen = 0;
    for (const node of row) {
      const ends: number[] = [];
      eachEdge(outgoing, node, (step) => ends.push(position[chained.steps[step]?.to ?? 0] ?? 0));
      for (const end of ends) {
        let before = 0;
        for (let slot = end + 1; slot > 0; slot -= slot & -slot) before += tree[slot] ?? 0;
        crossings += seen - before;
      }
      for (const end of ends) {
        seen++;
        for (let slot = end + 1; slot <= size; slot += slot & -slot) tree[slot] = (tree[slot] ?? 0) + 1;
      }
    }
  });
  return crossings;
}

function positions(count: number, rows: readonly (readonly number[])[]): Int32Array {
  const position = new Int32Array(count);
  for (const row of rows) {
    row.forEach((node, index) => {
      position[node] = index;
    });
  }
  return position;
}

/** Sorts one row by the mean position of its neighbours; what has none stays at its place. Stable. */
function sortRow(row: number[], position: Int32Array, neighbours: (node: number, visit: (other: number) => void) => void): void {
  const key = new Map<number, number>();
  for (const node of row) {
    let sum = 0;
    let count = 0;
    neighbours(node, (other) => {
      sum += position[other] ?? 0;
      count++;
    });
    key.set(node, count === 0 ? (position[node] ?? 0) : sum / count);
  }
  row.sort((a, b) => (key.get(a) ?? 0) - (key.get(b) ?? 0));
  row.forEach((node, index) => {
    position[node] = index;
  });
}

/** Reorders every row by barycentres so that few edges cross; the best of a few sweeps. O(E log V). */
export function orderRows(chained: Chained): readonly (readonly number[])[] {
  const outgoing = adjacency(chained.count, chained.steps, 'from');
  const incoming = adjacency(chained.count, chained.steps, 'to');
  const rows = chained.rows.map((row) => [...row]);
  let best = rows.map((row) => [...row]);
  let fewest = countCrossings(chained, rows, outgoing);
  const position = positions(chained.count, rows);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    for (const row of rows) {
      sortRow(row, position, (node, visit) => eachEdge(incoming, node, (step) => visit(chained.steps[step]?.from ?? 0)));
    }
    for (const row of [...rows].reverse()) {
      sortRow(row, position, (node, visit) => eachEdge(outgoing, node, (step) => visit(chained.steps[step]?.to ?? 0)));
    }
    const crossings = countCrossings(chained, rows, outgoing);
    if (crossings >= fewest) continue;
    fewest = crossings;
    best = rows.map((row) => [...row]);
  }
  return best;
}
