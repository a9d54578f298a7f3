import { count } from '../figures';
import { BUDGETS, type Budget, budgetOf, type Count, type NodeProfile } from '../profile';

/** What changed by: after minus before, so that less is negative. */
export interface FigureChange {
  readonly parameters: Count;
  readonly macs: Count;
  readonly flops: Count;
  readonly weightBytes: Count;
  /** Change of the MACs by what they are for. */
  readonly budget: Readonly<Record<Budget, Count>>;
}

/** Exact sums of a block or model, the four budgets in multiply-adds. */
export type Sums = { parameters: bigint; macs: bigint; flops: bigint; weightBytes: bigint } & Record<Budget, bigint>;

/** Figures of nodes together, each as often as it runs; nodes with bodies count through the nodes inside. */
export function sumOf(nodes: Iterable<NodeProfile | undefined>): Sums {
  const sums: Sums = { parameters: 0n, macs: 0n, flops: 0n, weightBytes: 0n, convolution: 0n, attention: 0n, feedForward: 0n, other: 0n };
  for (const node of nodes) {
    if (!node || node.composite) continue;
    const times = node.times === undefined ? 1n : BigInt(node.times ?? 0);
    const macs = times * BigInt(node.macs ?? 0);
    sums.parameters += BigInt(node.parameters);
    sums.weightBytes += BigInt(node.weightBytes);
    sums.flops += times * BigInt(node.flops ?? 0);
    sums.macs += macs;
    sums[budgetOf(node.category)] += macs;
  }
  return sums;
}

/** What the second side has more than the first, with its sign. */
export function changeOf(from: Sums, to: Sums): FigureChange {
  return eachFigure((name) => signedCount(to[name] - from[name]));
}

/** Changes of several blocks together. */
export function addChanges(changes: readonly FigureChange[]): FigureChange {
  return eachFigure((name) => signedCount(changes.reduce((sum, change) => sum + BigInt(figureOf(change, name)), 0n)));
}

/** What is left of a change once its parts are taken away. */
export function lessChanges(whole: FigureChange, parts: readonly FigureChange[]): FigureChange {
  const taken = addChanges(parts);
  return eachFigure((name) => signedCount(BigInt(figureOf(whole, name)) - BigInt(figureOf(taken, name))));
}

/** True where neither weights nor multiply-adds changed. */
export function isFree({ parameters, macs }: FigureChange): boolean {
  return BigInt(parameters) === 0n && BigInt(macs) === 0n;
}

function figureOf(change: FigureChange, name: keyof Sums): Count {
  return BUDGETS.some((budget) => budget === name) ? change.budget[name as Budget] : change[name as Exclude<keyof Sums, Budget>];
}

function eachFigure(of: (name: keyof Sums) => Count): FigureChange {
  return {
    parameters: of('parameters'),
    macs: of('macs'),
    flops: of('flops'),
    weightBytes: of('weightBytes'),
    budget: {
      convolution: of('convolution'),
      attention: of('attention'),
      feedForward: of('feedForward'),
      other: of('other'),
    },
  };
}

function signedCount(value: bigint): Count {
  const size = count(value < 0n ? -value : value);
  return typeof size === 'number' ? Number(value) : value.toString();
}
