/** A stretch of a sequence that repeats: rounds of so many items from a place on. */
export interface Period {
  readonly start: number;
  readonly length: number;
  readonly rounds: number;
}

/** Items of the longest round that is looked for. */
const MAX_LENGTH = 64;
/** Rounds of one item are worth a stage from here on; of several, two are. */
const FEWEST_ALIKE = 2;

/** Stretches of rounds in which the tokens repeat and each round ends with the same key; of one length. */
function ofLength(tokens: readonly string[], keys: readonly string[], length: number): readonly Period[] {
  const found: Period[] = [];
  const count = tokens.length;
  // alike[i]: items from i on that equal those a round later.
  const alike = new Int32Array(count + 1);
  for (let at = count - length - 1; at >= 0; at--) alike[at] = tokens[at] === tokens[at + length] ? (alike[at + 1] as number) + 1 : 0;
  // By phase: rounds from here on are not part of a stretch yet.
  const free = new Int32Array(length);
  for (let start = 0; start + 2 * length <= count; start++) {
    if ((alike[start] as number) < length || start < (free[start % length] as number)) continue;
    const end = keys[start + length - 1];
    let rounds = 1;
    while ((alike[start + (rounds - 1) * length] as number) >= length && keys[start + (rounds + 1) * length - 1] === end) rounds++;
    if (rounds < FEWEST_ALIKE) continue;
    found.push({ start, length, rounds });
    free[start % length] = start + (rounds - 1) * length;
  }
  return found;
}

/** True where a round is itself a few equal ones, and says no more than the shorter one. */
function isPower(tokens: readonly string[], { start, length }: Period): boolean {
  for (let part = 1; part <= length / 2; part++) {
    if (length % part !== 0) continue;
    let same = true;
    for (let at = start + part; at < start + length && same; at++) same = tokens[at] === tokens[at - part];
    if (same) return true;
  }
  return false;
}

/**
 * Stretches of a sequence that repeat, the longest first taken, shorter rounds before longer ones; none overlap.
 * Items are equal by their tokens; the rounds of a stretch end with one key, so that the first of them may begin
 * at another.
 */
export function findPeriods(tokens: readonly string[], keys: readonly string[]): readonly Period[] {
  const candidates: Period[] = [];
  for (let length = 1; length <= Math.min(MAX_LENGTH, tokens.length / 2); length++) {
    for (const period of ofLength(tokens, keys, length)) if (!isPower(tokens, period)) candidates.push(period);
  }
  candidates.sort((a, b) => b.length * b.rounds - a.length * a.rounds || a.length - b.length || a.start - b.start);
  const taken = new Uint8Array(tokens.length);
  const chosen: Period[] = [];
  for (const period of candidates) {
    const end = period.start + period.length * period.rounds;
    if (taken.subarray(period.start, end).includes(1)) continue;
    taken.fill(1, period.start, end);
    chosen.push(period);
  }
  return chosen.sort((a, b) => a.start - b.start);
}
