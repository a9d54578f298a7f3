import { LIMITS } from '../../bytes';
import type { Value } from '../../model';

/**
 * The name an input's free dimension goes by: its own, or `input.axis` where the file gives none. More dimensions than a
 * tensor can have are none: nobody is asked for each of a million.
 */
export function nameInputDims(value: Value): Value {
  if (value.type.kind !== 'tensor' || !value.type.shape) return value;
  if (value.type.shape.length > LIMITS.rank) return { ...value, type: { ...value.type, shape: null } };
  const shape = value.type.shape.map((dim, axis) => (dim === null || (typeof dim === 'number' && dim < 0) ? `${value.name}.${axis}` : dim));
  return { ...value, type: { ...value.type, shape } };
}
