/** One element of a sequence: the same `key` is the same thing. */
export interface Aligned {
  readonly key: string;
  readonly kind: string;
  readonly label: string;
  /** What elements of one kind may have in common; the more, the sooner they are paired. */
  readonly traits?: readonly string[];
  /** Where both of two have any, they are paired only with one of these in common. */
  readonly needs?: readonly string[];
}

/** Places in both sequences; `null` on the side where there is no counterpart. */
export interface Pair {
  readonly left: number | null;
  readonly right: number | null;
}

/** What a pair is worth: two different blocks of one kind are better than one added and one removed. */
const EQUAL = 8;
const SAME_LABEL = 3;
const SAME_KIND = 2;
/** Steps of the part of 1 that common traits add: a power of two, so that sums of worths are exact. */
const TRAIT_STEPS = 32;
/** Cells of the table of a level; longer levels are compared in order, which takes no table. */
const MAX_CELLS = 1_000_000;

/**
 * Global alignment of two sequences (Needleman and Wunsch, 1970, with free
 * gaps): equal elements, else elements of one kind, in order on both sides.
 * What both sequences begin and end with is set aside first.
 */
export function align(left: readonly Aligned[], right: readonly Aligned[]): readonly Pair[] {
  let head = 0;
  while (head < Math.min(left.length, right.length) && left[head]?.key === right[head]?.key) head++;
  let tail = 0;
  while (tail < Math.min(left.length, right.length) - head && left.at(-1 - tail)?.key === right.at(-1 - tail)?.key) tail++;
  const middle = between(left.slice(head, left.length - tail), right.slice(head, right.length - tail));
  const pair = (from: number, to: number): Pair => ({ left: from, right: to });
  return [
    ...Array.from({ length: head }, (_, at) => pair(at, at)),
    ...middle.map(({ left: from, right: to }) => ({ left: from === null ? null : from + head, right: to === null ? null : to + head })),
    ...Array.from({ length: tail }, (_, at) => pair(left.length - tail + at, right.length - tail + at)),
  ];
}

function between(left: readonly Aligned[], right: readonly Aligned[]): readonly Pair[] {
  if (left.length * right.length > MAX_CELLS) return inOrder(left, right);
  const worth = pairWorth();
  const width = right.length + 1;
  const best = new Float64Array((left.length + 1) * width);
  for (let at = left.length - 1; at >= 0; at--) {
    for (let to = right.length - 1; to >= 0; to--) {
      const paired = worth(left[at], right[to]);
      const skip = Math.max(best[(at + 1) * width + to] ?? 0, best[at * width + to + 1] ?? 0);
      best[at * width + to] = paired > 0 ? Math.max(skip, paired + (best[(at + 1) * width + to + 1] ?? 0)) : skip;
    }
  }
  return walk(left, right, worth, (at, to) => best[at * width + to] ?? 0);
}

function walk(
  left: readonly Aligned[],
  right: readonly Aligned[],
  worth: Worth,
  best: (at: number, to: number) => number,
): readonly Pair[] {
  const pairs: Pair[] = [];
  let [at, to] = [0, 0];
  while (at < left.length && to < right.length) {
    const paired = worth(left[at], right[to]);
    if (paired > 0 && best(at, to) === paired + best(at + 1, to + 1)) pairs.push({ left: at++, right: to++ });
    else if (best(at, to) === best(at + 1, to)) pairs.push({ left: at++, right: null });
    else pairs.push({ left: null, right: to++ });
  }
  while (at < left.length) pairs.push({ left: at++, right: null });
  while (to < right.length) pairs.push({ left: null, right: to++ });
  return pairs;
}

type Worth = (left: Aligned | undefined, right: Aligned | undefined) => number;

/** Worth of pairs; blocks repeat, so what two keys have in common is found once. */
function pairWorth(): Worth {
  const known = new Map<string, number>();
  return (left, right) => {
    if (!left || !right) return 0;
    if (left.key === right.key) return EQUAL;
    if (left.kind !== right.kind || !fits(left.needs ?? [], right.needs ?? [])) return 0;
    const keys = `${left.key} ${right.key}`;
    const common = known.get(keys) ?? Math.round(likeness(left.traits ?? [], right.traits ?? []) * TRAIT_STEPS) / TRAIT_STEPS;
    known.set(keys, common);
    return (left.label === right.label ? SAME_LABEL : SAME_KIND) + common;
  };
}

function fits(left: readonly string[], right: readonly string[]): boolean {
  return left.length === 0 || right.length === 0 || left.some((need) => right.includes(need));
}

/** Common traits by all traits (Jaccard's index). */
function likeness(left: readonly string[], right: readonly string[]): number {
  const [one, other] = [new Set(left), new Set(right)];
  const common = [...one].filter((trait) => other.has(trait)).length;
  const all = one.size + other.size - common;
  return all === 0 ? 0 : common / all;
}

function inOrder(left: readonly Aligned[], right: readonly Aligned[]): readonly Pair[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, at) => ({
    left: at < left.length ? at : null,
    right: at < right.length ? at : null,
  }));
}
