import { BUDGETS, type Budget, budgetOf, type Count, type Figures, type NodeProfile, type Profile } from '../profile';

/** What a budget can be measured in. */
export const SPENT = ['macs', 'flops', 'parameters', 'weightBytes', 'activationBytes'] as const satisfies readonly (keyof Figures)[];
/** A figure that the block spending most of it is named for. */
export type Spent = (typeof SPENT)[number];

/** For each budget and measure the id of the block that spends most of it, or of a node outside all blocks; `''` where nothing does. */
export type Spenders = Readonly<Record<Budget, Readonly<Record<Spent, string>>>>;

/** Blocks count with what stands in them and in no block inside: the attention, not the transformer around it. */
export function spendersOf(profile: Profile): Spenders {
  const most = Object.fromEntries(BUDGETS.map((budget) => [budget, largest(budget, profile.nodes)]));
  return most as Spenders;
}

/** Sums are to be ranked, so they need not be exact past 2^53. */
function largest(budget: Budget, nodes: readonly NodeProfile[]): Readonly<Record<Spent, string>> {
  const sums = new Map<string, Record<Spent, number>>();
  for (const node of nodes) {
    if (node.composite || budgetOf(node.category) !== budget) continue;
    const id = node.block || node.id;
    const sum = sums.get(id) ?? { macs: 0, flops: 0, parameters: 0, weightBytes: 0, activationBytes: 0 };
    sums.set(id, sum);
    const times = node.times === undefined ? 1 : Number(node.times ?? 0);
    const repeated = (value: Count | null) => times * Number(value ?? 0);
    sum.macs += repeated(node.macs);
    sum.flops += repeated(node.flops);
    sum.parameters += Number(node.parameters);
    sum.weightBytes += Number(node.weightBytes);
    sum.activationBytes += repeated(node.writtenBytes);
  }
  const most = (measure: Spent): string => {
    let [best, value] = ['', 0];
    for (const [id, sum] of sums) if (sum[measure] > value) [best, value] = [id, sum[measure]];
    return best;
  };
  return Object.fromEntries(SPENT.map((measure) => [measure, most(measure)])) as Record<Spent, string>;
}
