/**
 * One extent of a shape: a number, a named free dimension (`"batch"`), or
 * `null` when nothing is known about it.
 */
export type Dim = number | string | null;

/** A shape whose rank is known. A scalar is `[]`. */
export type Shape = readonly Dim[];

/** True where every extent is a number. */
export function isStatic(shape: Shape): shape is readonly number[] {
  return shape.every((dim) => typeof dim === 'number');
}

/**
 * Number of elements of a static shape, or `null` where an extent is free,
 * unknown, or the product passes 2^53 - 1 (no exact number can hold it).
 */
export function elementCount(shape: Shape): number | null {
  let product = 1;
  for (const dim of shape) {
    if (typeof dim !== 'number') return null;
    product *= dim;
  }
  return Number.isSafeInteger(product) ? product : null;
}

/** `[1, 3, height, ?]`, the way shapes are written everywhere in the product. */
export function formatShape(shape: Shape | null): string {
  if (shape === null) return '[?]';
  return `[${shape.map((dim) => dim ?? '?').join(', ')}]`;
}
