import { BUDGETS, type Budget, budgetOf, type NodeRow } from '../../../src/protocol';
import { budgetName } from '../../common/glyphs';
import { t } from '../strings';

/** A share of a block's MACs. `light` marks the second of two parts that share a budget's colour. */
export interface MacPart {
  readonly name: string;
  readonly budget: Budget;
  readonly macs: number;
  readonly light: boolean;
}

/** Splits nodes by budget, attention further into projections and the products over tokens. */
export function macParts(nodes: readonly Pick<NodeRow, 'category' | 'macs'>[]): readonly MacPart[] {
  const sums = new Map<string, MacPart>();
  for (const node of nodes) {
    const budget = budgetOf(node.category);
    const light =
      node.category === 'attention.scores' || node.category === 'attention.weightedSum' || node.category === 'attention.softmax';
    const name = budget !== 'attention' ? budgetName(budget) : light ? t.scoresAndValues : t.qkvo;
    const known = sums.get(name);
    sums.set(name, { name, budget, light, macs: (known?.macs ?? 0) + Number(node.macs ?? 0) });
  }
  const parts = [...sums.values()].filter(({ macs }) => macs > 0);
  return parts.sort((a, b) => BUDGETS.indexOf(a.budget) - BUDGETS.indexOf(b.budget) || Number(a.light) - Number(b.light));
}
