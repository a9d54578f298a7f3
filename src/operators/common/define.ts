import type { CostRule, Operator, ShapeRule } from '../rule';
import { OTHER } from './meanings';

/** One rule pair of the ai.onnx domain, or of `domain`. */
export function operator(op: string, since: number, shape: ShapeRule, cost: CostRule, domain = ''): Operator {
  return { domain, op, since, shape, cost, meaning: OTHER };
}

/** The same rule pair for several operators that differ only in name. */
export function operators(names: readonly string[], since: number, shape: ShapeRule, cost: CostRule, domain = ''): readonly Operator[] {
  return names.map((op) => operator(op, since, shape, cost, domain));
}
