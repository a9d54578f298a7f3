import type { Count, Profile, Totals } from '../protocol';
import { formatAtLeast, formatBytes, formatCount, formatFlops, formatMacs } from '../report/format';

/** `+12%`, `-0.4%`, `=` for none at all; empty where there is nothing to compare with. Only nothing left is `-100%`. */
export function formatDifference(difference: number | null): string {
  if (difference === null) return '';
  if (difference === 0) return '=';
  const percent = Math.abs(difference) * 100;
  const near = Math.min(percent, difference < 0 ? 100 - percent : percent);
  const digits = near === 0 || near >= 9.95 ? 0 : near >= 0.095 ? 1 : 2;
  return `${difference > 0 ? '+' : '-'}${percent.toFixed(digits)}%`;
}

/** A total, marked where it is a lower bound. */
export function totalText(
  { totals, lowerBounds }: Pick<Profile, 'totals' | 'lowerBounds'>,
  name: keyof Totals,
  format: (count: Count) => string,
): string {
  return formatAtLeast(totals[name], format, lowerBounds.includes(name));
}

/** A figure of a budgets file in its unit. */
export function formatFigure(figure: string, value: Count): string {
  if (figure.endsWith('share')) return `${Number(value).toFixed(1)}%`;
  if (/bytes$/i.test(figure)) return formatBytes(value);
  if (figure.endsWith('macs')) return formatMacs(value);
  if (figure.endsWith('flops')) return formatFlops(value);
  return formatCount(value);
}
