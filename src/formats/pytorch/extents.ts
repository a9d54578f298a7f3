import { itemsOf, type PyValue } from '../pickle';

/** What no tensor has more of. */
const MOST_AXES = 64;

/** Whole numbers, none negative; `null` for anything else. */
export function extents(value: PyValue | undefined): readonly number[] | null {
  const items = itemsOf(value);
  if (!items || items.length > MOST_AXES) return null;
  const numbers: number[] = [];
  for (const item of items) {
    if (typeof item !== 'number' || item < 0) return null;
    numbers.push(item);
  }
  return numbers;
}

/** Whether elements lie one behind the other in row-major order; strides of extents of 1 mean nothing. */
export function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  if (shape.includes(0)) return true;
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    const extent = shape[axis] ?? 1;
    if (extent !== 1 && strides[axis] !== expected) return false;
    expected *= extent;
  }
  return true;
}
