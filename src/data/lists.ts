/**
 * Appends every item. `target.push(...items)` hands each of them over as an argument, and a call with some 120,000
 * arguments ends in "Maximum call stack size exceeded"; a file decides how long its lists are.
 */
export function append<T>(target: T[], items: Iterable<T>): void {
  for (const item of items) target.push(item);
}

/** The largest of the numbers and `floor`: `Math.max(floor, ...numbers)` for a list of any length. */
export function maximumOf(numbers: Iterable<number>, floor = Number.NEGATIVE_INFINITY): number {
  let most = floor;
  for (const number of numbers) most = Math.max(most, number);
  return most;
}

/** The smallest of the numbers and `ceiling`: `Math.min(ceiling, ...numbers)` for a list of any length. */
export function minimumOf(numbers: Iterable<number>, ceiling = Number.POSITIVE_INFINITY): number {
  let least = ceiling;
  for (const number of numbers) least = Math.min(least, number);
  return least;
}
