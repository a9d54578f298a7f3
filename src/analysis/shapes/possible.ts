import { LIMITS } from '../../bytes';
import { formatShape, type Shape } from '../../model';
import type { TensorFact } from '../../operators/rule';

function isExtent(dim: number): boolean {
  return dim >= 0 && Number.isSafeInteger(dim);
}

function isPossible(shape: Shape): boolean {
  if (shape.length > LIMITS.rank) return false;
  for (const dim of shape) if (typeof dim === 'number' && !isExtent(dim)) return false;
  return true;
}

/** What is wrong with a shape that a rule gave, and the fact without it; `null` for a shape that a tensor can have. */
export function impossible(fact: TensorFact): { readonly what: string; readonly fact: TensorFact } | null {
  const { dtype, shape } = fact;
  if (shape === null || isPossible(shape)) return null;
  if (shape.length > LIMITS.rank) return { what: `rank ${shape.length}`, fact: { kind: 'tensor', dtype, shape: null } };
  const known = shape.map((dim) => (typeof dim === 'number' && !isExtent(dim) ? null : dim));
  return { what: formatShape(shape), fact: { kind: 'tensor', dtype, shape: known } };
}
