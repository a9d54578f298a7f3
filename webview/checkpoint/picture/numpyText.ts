import type { Field } from './compose';

/** The shortest decimal that reads back as the same float32. */
export function float32Text(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === Math.fround(value)) return String(Number(text));
  }
  return String(Number(value.toPrecision(9)));
}

/** A grid of numbers as Python code; `note` is a comment above it and must be one line. */
export function numpyText({ rows, columns, values }: Field, note: string): string {
  const lines = Array.from(
    { length: rows },
    (_, row) => `    [${Array.from(values.subarray(row * columns, (row + 1) * columns), float32Text).join(', ')}],`,
  );
  return [
    'import numpy as np',
    'from numpy import inf, nan',
    '',
    `# ${note}`,
    'values = np.array([',
    ...lines,
    '], dtype=np.float32)',
    '',
  ].join('\n');
}
