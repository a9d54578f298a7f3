import type { Wiring } from './wiring';

/** A stretch of nodes that comes `copies` times in a row: node `start + period` is to its copy what node `start` is to the first. */
export interface Repeat {
  readonly start: number;
  readonly period: number;
  readonly copies: number;
}

/** Nodes whose classes together tell where one copy is like another; shorter stretches repeat inside a block, too. */
const GRAM = 16;
/** Distances that are tried, the most frequent ones. */
const MAX_PERIODS = 8;

/** How nodes are compared besides their wiring. */
export interface Likeness {
  /** By node number; -1 is like nothing. */
  readonly classes: Int32Array;
  /** Whether a node is like its copy in all that classes do not say. */
  isLike(node: number, copy: number): boolean;
  /** Whether two values that no node makes stand for each other: weights of two copies. */
  isGivenAlike(value: number, other: number): boolean;
}

/** Distances from one stretch of `GRAM` classes to the next that is equal, the most frequent ones, ascending. */
function periodsOf(classes: Int32Array, least: (period: number) => number): readonly number[] {
  const last = new Map<number, number>();
  const times = new Map<number, number>();
  for (let end = GRAM - 1; end < classes.length; end++) {
    let hash = 0;
    for (let at = end - GRAM + 1; at <= end; at++) hash = (Math.imul(hash, 0x01000193) ^ (classes[at] as number)) | 0;
    const before = last.get(hash);
    last.set(hash, end);
    if (before !== undefined) times.set(end - before, (times.get(end - before) ?? 0) + 1);
  }
  const frequent = [...times].filter(([period, count]) => count >= period * (least(period) - 1) - GRAM);
  return frequent
    .sort((a, b) => b[1] - a[1])
    .slice(0, MAX_PERIODS)
    .map(([period]) => period)
    .sort((a, b) => a - b);
}

/** Whether a value that a node reads is to its copy `period` nodes later what `other` is: made as far away by the same output, or the same value. */
function isShifted({ producer, outputs }: Wiring, value: number, other: number, period: number): boolean {
  const maker = producer[value] as number;
  const otherMaker = producer[other] as number;
  if (maker < 0 || otherMaker - maker !== period) return false;
  const place = outputs.items.indexOf(value, outputs.starts[maker]) - (outputs.starts[maker] as number);
  return outputs.items[(outputs.starts[otherMaker] as number) + place] === other;
}

function isCopy(wiring: Wiring, like: Likeness, node: number, period: number): boolean {
  const before = node - period;
  if (like.classes[node] !== like.classes[before] || like.classes[node] === -1) return false;
  const { starts, items } = wiring.reads;
  const start = starts[node] as number;
  const startBefore = starts[before] as number;
  const count = (starts[node + 1] as number) - start;
  if (count !== (starts[before + 1] as number) - startBefore) return false;
  for (let at = 0; at < count; at++) {
    const value = items[start + at] as number;
    const other = items[startBefore + at] as number;
    if (value === other) continue;
    if (value < 0 || other < 0) return false;
    const given = (wiring.producer[value] as number) < 0 && (wiring.producer[other] as number) < 0;
    if (given ? !like.isGivenAlike(other, value) : !isShifted(wiring, other, value, period)) return false;
  }
  return like.isLike(before, node);
}

/**
 * Stretches of a graph that come at least `least` times in a row (which may
 * depend on how many nodes they have): equal nodes (by class) at equal distances, wired alike. Every node of a copy was compared
 * with its like in the copy before; stretches do not overlap. Linear.
 */
export function findRepeats(wiring: Wiring, like: Likeness, least: (period: number) => number): readonly Repeat[] {
  const found: Repeat[] = [];
  const taken = new Uint8Array(wiring.nodes.length);
  for (const period of periodsOf(like.classes, least)) {
    let run = 0;
    for (let node = period; node <= wiring.sorted; node++) {
      const free = node < wiring.sorted && taken[node] === 0 && taken[node - period] === 0;
      if (free && isCopy(wiring, like, node, period)) {
        run++;
        continue;
      }
      const copies = Math.floor(run / period) + 1;
      const start = node - run - period;
      if (copies >= least(period)) {
        found.push({ start, period, copies });
        taken.fill(1, start, start + copies * period);
      }
      run = 0;
    }
  }
  return found.sort((a, b) => a.start - b.start);
}
