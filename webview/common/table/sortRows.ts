/** Texts as people order them: `conv2` before `conv10`. */
const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** What a row is sorted by; `null` (unknown) comes last either way. */
export type SortValue = number | string | null;

/** A stable sorted copy. */
export function sortBy<Row>(rows: readonly Row[], value: (row: Row) => SortValue, descending: boolean): Row[] {
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [left, right] = [value(a), value(b)];
    if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
    if (typeof left === 'number' && typeof right === 'number') return sign * (left - right);
    return sign * collator.compare(String(left), String(right));
  });
}
