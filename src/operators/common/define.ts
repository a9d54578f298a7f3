import type { CostRule, Operator, ShapeRule, Uncounted } from '../rule';
import { OTHER } from './meanings';

/** One rule pair of the ai.onnx domain, or of `domain`. */
export function operator(op: string, since: number, shape: ShapeRule, cost: CostRule, domain = ''): Operator {
  return { domain, op, since, shape, cost, meaning: OTHER };
}

/** An operator whose work depends on data, and is never counted. */
export function uncounted(op: string, since: number, shape: ShapeRule, why: Uncounted, domain = ''): Operator {
  return { ...operator(op, since, shape, () => null, domain), uncounted: why };
}

/** The same rule pair for several operators that differ only in name. */
export function operators(names: readonly string[], since: number, shape: ShapeRule, cost: CostRule, domain = ''): readonly Operator[] {
  return names.map((op) => operator(op, since, shape, cost, domain));
}
