import { type Act, isAmong, type Words, words } from '../../operators/meaning';
import { type Flow, inputAt } from './flow';

/** Rearranges elements or makes them of none, and computes nothing. */
export const MOVEMENT = words('move');

/** What a node does; `undefined` for an operator nobody knows. */
export function actOf(flow: Flow, index: number): Act['does'] | undefined {
  return flow.meanings[index]?.does;
}

/** True for a node whose act, or kind of act, is among the words. */
export function does(flow: Flow, index: number, set: Words): boolean {
  return isAmong(flow.meanings[index] ?? null, set);
}

/** True where a node passes its first input on, unchanged but for layout or precision. */
export function isTransparent(flow: Flow, index: number): boolean {
  const meaning = flow.meanings[index];
  return meaning?.kind === 'move' && meaning.transparent;
}

/** True for a sum with a constant: a bias. */
export function addsConstant(flow: Flow, index: number): boolean {
  return actOf(flow, index) === 'add' && operandsOf(flow, index).some((name) => flow.origin(name) === 'constant');
}

/** Values that arithmetic combines; the inputs that describe them (scales of quantisation) left out. */
export function operandsOf(flow: Flow, index: number): readonly string[] {
  const meaning = flow.meanings[index];
  const inputs = flow.nodes[index]?.inputs ?? [];
  if (meaning?.kind !== 'arithmetic' || meaning.operands === 'all') return inputs;
  return meaning.operands.map((at) => inputs[at] ?? '');
}

/** Number of one of the values that arithmetic combines. */
export function operandAt(flow: Flow, index: number, operand: number): number {
  const meaning = flow.meanings[index];
  const isAll = meaning?.kind !== 'arithmetic' || meaning.operands === 'all';
  return inputAt(flow, index, isAll ? operand : (meaning.operands[operand] ?? -1));
}
