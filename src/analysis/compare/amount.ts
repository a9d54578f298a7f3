/** A number as a budgets file writes it. */
export interface Amount {
  /** As written. */
  readonly text: string;
  /** In units, or in per cent. */
  readonly value: number;
  readonly percent: boolean;
  /** Written with a sign: measured from a baseline. */
  readonly relative: boolean;
}

const STEPS: Readonly<Record<string, number>> = { '': 1, k: 1e3, K: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 };

/** `5000`, `"5G"`, `"40%"`, `"+2%"`, `"-10M"`; `null` for anything else. */
export function parseAmount(value: unknown): Amount | null {
  if (typeof value === 'number') {
    return Number.isFinite(value) && value >= 0 ? { text: String(value), value, percent: false, relative: false } : null;
  }
  if (typeof value !== 'string') return null;
  const match = /^([+-]?)(\d+(?:\.\d+)?)\s*(%|[kKMGTP]?)$/.exec(value.trim());
  if (!match) return null;
  const [, sign = '', digits = '', unit = ''] = match;
  const size = Number(digits) * (STEPS[unit] ?? 1);
  return { text: value.trim(), value: sign === '-' ? -size : size, percent: unit === '%', relative: sign !== '' };
}

/** `5G`, `+2% of the baseline`. */
export function amountText({ text, relative }: Amount): string {
  return relative ? `${text} of the baseline` : text;
}
