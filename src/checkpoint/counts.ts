/** A count as JSON can carry it exactly: a decimal string past 2^53 - 1. */
export type Count = number | string;

/** The sum of two counts, exact whatever their size. */
export function addCounts(a: Count, b: Count): Count {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return exactCount(BigInt(a) + BigInt(b));
}

/** A count so many times. */
export function timesCount(count: Count, times: number): Count {
  const product = Number(count) * times;
  return typeof count === 'number' && Number.isSafeInteger(product) ? product : exactCount(BigInt(count) * BigInt(times));
}

/** Elements of a shape, exact whatever its size. */
export function elementsOf(shape: readonly number[]): Count {
  let product = 1;
  for (const extent of shape) product *= extent;
  return Number.isSafeInteger(product) ? product : exactCount(shape.reduce((exact, extent) => exact * BigInt(extent), 1n));
}

/** A whole number as a count. */
export function exactCount(value: bigint): Count {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
}
