import { type Count, relativeDifference } from '../../src/protocol';

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, K: 1e3, M: 1e6, G: 1e9, B: 1e9, T: 1e12 };

/** A figure as a source prints it: `25.6M` is 256 steps of 0.1 million. */
export interface Printed {
  readonly steps: number;
  /** The last printed digit's worth. */
  readonly step: number;
}

/** Reads a printed figure; `null` where it is none. `factor` is what one of ours counts there: 2 in `2 x MACs`. */
export function parsePrinted(text: string | null, factor = 1): Printed | null {
  const [, whole, decimals = '', unit = ''] = /^(\d+)(?:\.(\d+))?\s?([kKMGBT]?)$/.exec(text ?? '') ?? [];
  const size = UNITS[unit];
  if (whole === undefined || size === undefined) return null;
  return { steps: Number(`${whole}${decimals}`), step: size / (factor * 10 ** decimals.length) };
}

/** What one multiply-add counts in a source's convention. */
export function conventionFactor(convention: string | null): number {
  return convention !== null && /^2\s*x/.test(convention) ? 2 : 1;
}

/** A published figure beside the exact count it stands for. */
export interface Published {
  /** As printed; `null` where nothing was. */
  readonly printed: Printed | null;
  /** Counted from the source's specification; `null` where it was not. */
  readonly exact: number | null;
  /** Allowed relative deviation from `exact`. */
  readonly tolerance: number | null;
}

/** How far our count is from what was published. */
export interface Deviation {
  /** Relative to what was printed, else to the exact count; `null` where neither is there. */
  readonly difference: number | null;
  /** The printed figure is ours, rounded or cut, and the exact count is within its tolerance: nothing needs an explanation. */
  readonly agrees: boolean;
}

/** How far a count is from what was published of it. */
export function deviationOf(counted: Count, { printed, exact, tolerance }: Published): Deviation {
  const fromExact = exact === null ? null : relativeDifference(counted, exact);
  const within = fromExact === null || Math.abs(fromExact) <= (tolerance ?? 0);
  if (!printed) return { difference: fromExact, agrees: within };
  const steps = Number(counted) / printed.step;
  // Rounding may lower a figure by half a step, cutting raises it by less than one.
  const reached = steps >= printed.steps - 0.5 && steps < printed.steps + 1;
  return { difference: steps / printed.steps - 1, agrees: reached && within };
}
