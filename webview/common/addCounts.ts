import type { Count } from '../../src/protocol';

/** Exact sum; decimal strings past 2^53 - 1, like the counts themselves. `null` adds nothing. */
export function addCounts(a: Count, b: Count | null): Count {
  if (b === null) return a;
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  const sum = BigInt(a) + BigInt(b);
  const asNumber = Number(sum);
  return Number.isSafeInteger(asNumber) ? asNumber : sum.toString();
}
