import type { Count } from '../analysis/profile';

/** Between a figure and its unit. */
export const THIN_SPACE = '\u2009';

/** Where nothing of a figure is known. */
export const NOT_KNOWN = 'not known';

const STEPS = ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];

/** Three significant digits, trailing zeros kept: `4.14`, `25.0`, `100`. Zero is `0`. */
export function threeDigits(value: number): string {
  if (value === 0) return '0';
  const rounded = Number(value.toPrecision(3));
  const magnitude = Math.floor(Math.log10(Math.abs(rounded)));
  return rounded.toFixed(Math.max(0, 2 - magnitude));
}

interface Step {
  readonly figure: string;
  readonly prefix: string;
}

/** Counts below 1000 are exact; above, the largest SI step that leaves a figure of at least 1 after rounding. */
function siStep(value: number): Step {
  if (Math.abs(value) < 1000) return { figure: Number.isInteger(value) ? String(value) : threeDigits(value), prefix: '' };
  let index = Math.min(STEPS.length - 1, Math.floor(Math.log10(Math.abs(value)) / 3));
  let scaled = value / 1000 ** index;
  if (Math.abs(scaled) >= 999.5 && index < STEPS.length - 1) {
    index += 1;
    scaled = value / 1000 ** index;
  }
  return { figure: threeDigits(scaled), prefix: STEPS[index] ?? '' };
}

function withUnit({ figure, prefix }: Step, unit: string): string {
  const suffix = `${prefix}${unit}`;
  return suffix === '' ? figure : `${figure}${THIN_SPACE}${suffix}`;
}

/** `25.0 M`, `960`. */
export function formatCount(count: Count): string {
  return withUnit(siStep(Number(count)), '');
}

/** `4.14 GMACs`; the unit is never left out, so that MACs and FLOPs cannot be confused. */
export function formatMacs(count: Count | null): string {
  return count === null ? '\u2013' : withUnit(siStep(Number(count)), 'MACs');
}

/** `8.28 GFLOPs`. */
export function formatFlops(count: Count | null): string {
  return count === null ? '\u2013' : withUnit(siStep(Number(count)), 'FLOPs');
}

/**
 * A figure that may be a lower bound: `\u2265 4.14 GMACs`. One of which no part
 * is known is `not known`: it is never shown as 0.
 */
export function formatAtLeast(figure: Count, format: (count: Count) => string, isBound: boolean): string {
  if (!isBound) return format(figure);
  return BigInt(figure) === 0n ? NOT_KNOWN : `\u2265${THIN_SPACE}${format(figure)}`;
}

/** SI bytes: `100 MB`, `512 B`. */
export function formatBytes(count: Count): string {
  return withUnit(siStep(Number(count)), 'B');
}

/** A change of a count with its sign: `+1.20 M`. */
export function formatChange(change: Count, format: (count: Count) => string): string {
  const value = BigInt(change);
  if (value === 0n) return '0';
  const size = value < 0n ? -value : value;
  const count = size <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(size) : size.toString();
  return `${value < 0n ? '-' : '+'}${format(count)}`;
}

/** Milliseconds, in seconds from one second up and in microseconds below a tenth of a millisecond. */
export function formatMilliseconds(milliseconds: number): string {
  if (milliseconds >= 1000) return `${threeDigits(milliseconds / 1000)}${THIN_SPACE}s`;
  if (milliseconds > 0 && milliseconds < 0.1) return `${threeDigits(milliseconds * 1000)}${THIN_SPACE}\u00b5s`;
  return `${milliseconds >= 100 ? milliseconds.toFixed(0) : milliseconds.toFixed(1)}${THIN_SPACE}ms`;
}

/** A part of 1 as `41.2%`; what is there but rounds to nothing is `<0.1%`. */
export function formatShare(part: number): string {
  if (!Number.isFinite(part) || part === 0) return '0%';
  if (part > 0 && part < 0.0005) return '<0.1%';
  return `${(part * 100).toFixed(1)}%`;
}

/** Every digit, in groups of three: `4,140,238,592`. Decimal strings past 2^53 keep theirs. */
export function formatExact(count: Count): string {
  const text = typeof count === 'number' && !Number.isInteger(count) ? String(count) : BigInt(count).toString();
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** `part / whole` for counts of any size, 0 where the whole is 0. */
export function ratio(part: Count | null, whole: Count): number {
  const divisor = Number(whole);
  return part === null || divisor === 0 ? 0 : Number(part) / divisor;
}

/** A measured real number such as a weight: four significant digits, exponent where it is short. */
export function formatReal(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1e5 ? String(Number(value.toPrecision(4))) : value.toExponential(3);
}
