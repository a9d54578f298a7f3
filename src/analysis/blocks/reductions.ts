import { attributesOf } from '../../operators/attributes';
import type { Flow } from './flow';

/** Axes that a reduction sums away, from the front; `[]` for all, or where they are not known. */
export function reducedAxes(flow: Flow, index: number): readonly number[] {
  const node = flow.nodes[index];
  const rank = flow.shape(node?.inputs[0] ?? '')?.length ?? 0;
  if (!node) return [];
  const fact = node.inputs[1] ? flow.constants(node.inputs[1]) : attributesOf(node, flow.scope.attributes).ints('axes');
  return (fact ?? []).map((axis) => (axis < 0 ? axis + rank : axis));
}
