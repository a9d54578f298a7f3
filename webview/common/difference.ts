/** A relative difference with its sign: `+12%`, `-2.2%`; `=` for none, `''` where there is no telling. */
export function formatDifference(difference: number | null): string {
  if (difference === null) return '';
  if (difference === 0) return '=';
  const percent = Math.abs(difference) * 100;
  let digits = percent >= 9.95 ? 0 : percent >= 0.095 ? 1 : 2;
  // Almost nothing is left, but something is: rounding must not say otherwise.
  while (difference > -1 && difference < 0 && digits < 3 && Number(percent.toFixed(digits)) === 100) digits += 1;
  return `${difference > 0 ? '+' : '-'}${percent.toFixed(digits)}%`;
}
