import { FigureSum } from '../figures';
import { BUDGETS, type Budget, budgetOf, type Figures, type Profile } from '../profile';

/** What a budget can be measured in. */
export const SPENT = ['macs', 'flops', 'parameters', 'weightBytes', 'activationBytes'] as const satisfies readonly (keyof Figures)[];
export type Spent = (typeof SPENT)[number];

/** For each budget and measure the id of the block that spends most of it, or of a node outside all blocks; `''` where nothing does. */
export type Spenders = Readonly<Record<Budget, Readonly<Record<Spent, string>>>>;

/** Blocks count with what stands in them and in no block inside: the attention, not the transformer around it. */
export function spendersOf(profile: Profile): Spenders {
  const sums = new Map<string, { readonly budget: Budget; readonly id: string; readonly sum: FigureSum }>();
  for (const node of profile.nodes) {
    const budget = budgetOf(node.category);
    const id = node.block || node.id;
    const key = `${budget} ${id}`;
    const known = sums.get(key) ?? { budget, id, sum: new FigureSum() };
    known.sum.addNode(node);
    sums.set(key, known);
  }
  const spent = [...sums.values()].map(({ budget, id, sum }) => ({ budget, id, figures: sum.figures() }));
  const most = (budget: Budget, measure: Spent): string => {
    let [best, largest] = ['', 0];
    for (const { id, figures } of spent.filter((one) => one.budget === budget)) {
      const value = Number(figures[measure]);
      if (value > largest) [best, largest] = [id, value];
    }
    return best;
  };
  const ofBudget = (budget: Budget) => Object.fromEntries(SPENT.map((measure) => [measure, most(budget, measure)]));
  return Object.fromEntries(BUDGETS.map((budget) => [budget, ofBudget(budget)])) as Spenders;
}
