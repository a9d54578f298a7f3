import { UserError } from '../../bytes';
import { BUDGETS, CATEGORIES, type Count, type Figures, type Profile, TOTALS } from '../profile';
import { type Amount, amountText, parseAmount } from './amount';
import { dearestBlocks, grownBlocks, type Offender } from './offenders';

/** One line of a budgets file: a figure, its least or most, and what it is measured against. */
export interface Limit {
  /** `macs`, `peakActivationBytes`, `attention.macs`, `convolution.depthwise.parameters`, `attention.share`... */
  readonly figure: string;
  readonly max: Amount | null;
  readonly min: Amount | null;
  /** As the file writes it: a path or `arch:VARIANT`; `''` for absolute limits. */
  readonly baseline: string;
  /** True where the figure may be a lower bound, and is then held to the limit as it is. */
  readonly allowsLowerBound: boolean;
}

/** `unknown`: the figure, or its baseline's, is a lower bound that does not decide whether the limit holds. */
export type Verdict = 'ok' | 'over' | 'unknown';

/** A limit of a budgets file, and what the model spends of it. */
export interface LimitResult {
  readonly figure: string;
  readonly value: Count;
  /** `at most 5G`, as the file says it. */
  readonly limit: string;
  /** What the limit comes to: for relative ones the baseline's figure changed by it. */
  readonly bound: Count;
  readonly baseline: { readonly name: string; readonly value: Count } | null;
  /** Whether the model has at least `value`, for something of it could not be counted. */
  readonly lowerBound: boolean;
  readonly verdict: Verdict;
  /** True for the verdict `ok`. */
  readonly passes: boolean;
  /** The blocks that the figure is spent on, or that grew; empty unless the verdict is `over`. */
  readonly blocks: readonly Offender[];
}

const PARTS = ['parameters', 'macs', 'flops', 'weightBytes', 'activationBytes', 'share'] as const;
const KEYS = new Set(['max', 'min', 'baseline', 'allowLowerBound']);

/**
 * Reads the content of a budgets file.
 * @throws UserError naming the key that is wrong.
 */
export function parseLimits(content: unknown): readonly Limit[] {
  if (!isRecord(content)) throw new UserError('A budgets file holds one object, such as {"macs": {"max": "5G"}}.');
  const limits = Object.entries(content).filter(([figure]) => figure !== '$schema');
  if (limits.length === 0) throw new UserError('The budgets file limits nothing; add a figure, such as {"macs": {"max": "5G"}}.');
  return limits.map(([figure, limit]) => parseLimit(figure, limit));
}

function parseLimit(figure: string, limit: unknown): Limit {
  if (!isFigure(figure)) {
    throw new UserError(
      `"${figure}" is not a figure; it may be ${[...TOTALS, 'fileBytes'].join(', ')}, or a part such as attention.macs or attention.share.`,
    );
  }
  if (!isRecord(limit)) throw new UserError(`The limit of "${figure}" must be an object, such as {"max": "5G"}.`);
  const stranger = Object.keys(limit).find((key) => !KEYS.has(key));
  if (stranger !== undefined)
    throw new UserError(`The limit of "${figure}" has "${stranger}"; it may have max, min, baseline and allowLowerBound.`);
  const [max, min] = [amountOf(figure, limit['max']), amountOf(figure, limit['min'])];
  if (!max && !min) throw new UserError(`The limit of "${figure}" needs "max" or "min".`);
  const baseline = limit['baseline'] ?? '';
  if (typeof baseline !== 'string') throw new UserError(`The baseline of "${figure}" must be the path of a model or arch:VARIANT.`);
  for (const amount of [max, min]) {
    if (amount && amount.relative !== (baseline !== '')) {
      throw new UserError(
        amount.relative
          ? `The limit "${amount.text}" of "${figure}" is relative; name the model it is measured against as its "baseline".`
          : `The limit "${amount.text}" of "${figure}" is absolute; write "+2%" to measure against its baseline, or drop the baseline.`,
      );
    }
  }
  const allowsLowerBound = limit['allowLowerBound'] ?? false;
  if (typeof allowsLowerBound !== 'boolean') throw new UserError(`"allowLowerBound" of "${figure}" must be true or false.`);
  return { figure, max, min, baseline, allowsLowerBound };
}

function amountOf(figure: string, value: unknown): Amount | null {
  if (value === undefined) return null;
  const amount = parseAmount(value);
  if (!amount || (amount.percent && !amount.relative && !figure.endsWith('.share'))) {
    throw new UserError(`${JSON.stringify(value)} is no limit of "${figure}"; write a number, "5G", or "+2%" with a baseline.`);
  }
  return amount;
}

function isFigure(name: string): boolean {
  if (name === 'fileBytes' || TOTALS.some((total) => total === name)) return true;
  const split = name.lastIndexOf('.');
  const [part, figure] = [name.slice(0, split), name.slice(split + 1)];
  return PARTS.some((known) => known === figure) && (BUDGETS.some((known) => known === part) || CATEGORIES.some((known) => known === part));
}

/** A figure of a profile by the name a budgets file gives it; shares are per cent of all MACs. */
export function figureOf(profile: Profile, name: string): Count {
  if (name === 'fileBytes') return profile.model.fileBytes;
  const total = TOTALS.find((known) => known === name);
  if (total) return profile.totals[total];
  const split = name.lastIndexOf('.');
  const part = partOf(profile, name.slice(0, split));
  const figure = PARTS.find((known) => known === name.slice(split + 1)) ?? 'macs';
  if (figure !== 'share') return part?.[figure] ?? 0;
  return Number(profile.totals.macs) === 0 ? 0 : (100 * Number(part?.macs ?? 0)) / Number(profile.totals.macs);
}

function partOf(profile: Profile, name: string): Figures | undefined {
  const budget = BUDGETS.find((known) => known === name);
  if (budget) return profile.budget[budget];
  const category = CATEGORIES.find((known) => known === name);
  return category && profile.categories[category];
}

/** Whether a figure of a budgets file leaves something out. Whatever was not counted may belong to any part. */
function isLowerBound({ lowerBounds }: Profile, figure: string): boolean {
  const measure = figure.slice(figure.lastIndexOf('.') + 1);
  return lowerBounds.some((bound) => bound === (measure === 'share' ? 'macs' : measure));
}

/** Holds a profile to its limits; `baselines` gives the profile of every baseline that the limits name. */
export function checkLimits(
  profile: Profile,
  limits: readonly Limit[],
  baselines: ReadonlyMap<string, Profile> = new Map(),
): readonly LimitResult[] {
  return limits.flatMap((limit) => {
    const baseline = limit.baseline === '' ? null : (baselines.get(limit.baseline) ?? null);
    return [
      ...(limit.max ? [checkOne(profile, limit, { amount: limit.max, most: true }, baseline)] : []),
      ...(limit.min ? [checkOne(profile, limit, { amount: limit.min, most: false }, baseline)] : []),
    ];
  });
}

function checkOne(
  profile: Profile,
  { figure, baseline: name, allowsLowerBound }: Limit,
  { amount, most }: { readonly amount: Amount; readonly most: boolean },
  baseline: Profile | null,
): LimitResult {
  const value = figureOf(profile, figure);
  const base = baseline ? figureOf(baseline, figure) : null;
  const bound = amount.relative ? relativeBound(Number(base ?? 0), amount) : amount.value;
  // Compared as floats: 2^53 and more differ by less than any limit is meant to.
  const holds = most ? Number(value) <= bound : Number(value) >= bound;
  const lowerBound = isLowerBound(profile, figure);
  const baseIsBound = baseline !== null && isLowerBound(baseline, figure);
  // A share of a part may be more or less than the truth; any other figure can only grow.
  const decided = !baseIsBound && (!lowerBound || (!figure.endsWith('.share') && holds !== most));
  const verdict = !decided && !allowsLowerBound ? 'unknown' : holds ? 'ok' : 'over';
  return {
    figure,
    value,
    limit: `at ${most ? 'most' : 'least'} ${amountText(amount)}`,
    bound,
    baseline: base === null ? null : { name, value: base },
    lowerBound,
    verdict,
    passes: verdict === 'ok',
    blocks: verdict !== 'over' || !most ? [] : baseline ? grownBlocks(baseline, profile, figure) : dearestBlocks(profile, figure),
  };
}

function relativeBound(base: number, { value, percent }: Amount): number {
  return percent ? base * (1 + value / 100) : base + value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
