import { LIMITS } from '../../bytes';
import { own } from '../../data';
import { type Dim, formatShape, type Shape, type Tensor, type ValueType } from '../../model';
import { contradict, tensorFact, unifyDims } from '../../operators/common/shapes';
import { decodeTensor } from '../../operators/common/tensorData';
import { type Fact, UNKNOWN } from '../../operators/rule';

/** Numbers for named free dimensions. */
export type DimBindings = Readonly<Record<string, number>>;

/** A constant's fact, with its elements where they are small and in the file's head. */
export function factOfTensor(tensor: Tensor): Fact {
  const { dtype, shape, written } = tensor;
  // An extent that no tensor can have is not known, whatever stands in its place.
  if (written)
    return tensorFact(
      dtype,
      shape.map((extent, axis) => (written[axis] === String(extent) ? extent : null)),
    );
  return tensorFact(dtype, shape, decodeTensor(tensor));
}

function bind(dim: Dim, bindings: DimBindings): Dim {
  if (typeof dim === 'string') return own(bindings, dim) ?? dim;
  return typeof dim === 'number' && dim < 0 ? null : dim;
}

/** Puts numbers for bound names; a negative extent (some writers' "unknown") is unknown, as is more than a tensor's rank can be. */
export function bindShape(shape: Shape | null, bindings: DimBindings): Shape | null {
  if (shape !== null && shape.length > LIMITS.rank) return null;
  return shape?.map((dim) => bind(dim, bindings)) ?? null;
}

/** What a declared type says, bindings applied. */
export function factOfType(type: ValueType, bindings: DimBindings): Fact {
  switch (type.kind) {
    case 'tensor':
    case 'sparse':
      return { kind: type.kind, dtype: type.dtype, shape: bindShape(type.shape, bindings) };
    case 'sequence':
    case 'optional':
      return { kind: type.kind, element: factOfType(type.element, bindings) };
    case 'map':
      return { kind: 'map', key: type.key, element: factOfType(type.element, bindings) };
    case 'unknown':
      return UNKNOWN;
    default: {
      const never: never = type;
      return never;
    }
  }
}

/** The inferred fact, completed by what the file declares, and whether the two contradict. */
export interface Unified {
  readonly fact: Fact;
  readonly contradiction: 'dtype' | 'rank' | 'extent' | null;
}

function unifyTensor(inferred: Fact & { kind: 'tensor' }, stored: Fact & { kind: 'tensor' }): Unified {
  const known = inferred.dtype !== 'undefined';
  if (known && stored.dtype !== 'undefined' && inferred.dtype !== stored.dtype) return { fact: inferred, contradiction: 'dtype' };
  const dtype = known ? inferred.dtype : stored.dtype;
  const a = inferred.shape;
  const b = stored.shape;
  if (b === null || a === b) return { fact: known ? inferred : { ...inferred, dtype }, contradiction: null };
  if (a === null) return { fact: { ...inferred, dtype, shape: b }, contradiction: null };
  if (a.length !== b.length) return { fact: inferred, contradiction: 'rank' };
  let changed = !known;
  let clash = false;
  const shape = a.map((dim, axis) => {
    const other = b[axis] ?? null;
    clash ||= contradict(dim, other);
    const both = unifyDims(dim, other);
    changed ||= both !== dim;
    return both;
  });
  if (clash) return { fact: inferred, contradiction: 'extent' };
  return { fact: changed ? { ...inferred, dtype, shape } : inferred, contradiction: null };
}

/** Completes an inferred fact by a declared one; where they contradict, the inferred one stands. */
export function unifyFacts(inferred: Fact, stored: Fact): Unified {
  if (inferred.kind === 'unknown') return { fact: stored, contradiction: null };
  if (stored.kind === 'unknown') return { fact: inferred, contradiction: null };
  if (inferred.kind === 'tensor' && stored.kind === 'tensor') return unifyTensor(inferred, stored);
  if (inferred.kind === 'sequence' && stored.kind === 'sequence') {
    const element = unifyFacts(inferred.element, stored.element);
    return { fact: { ...inferred, element: element.fact }, contradiction: element.contradiction };
  }
  if (inferred.kind === 'optional' && stored.kind === 'optional') {
    const element = unifyFacts(inferred.element, stored.element);
    return { fact: { ...inferred, element: element.fact }, contradiction: element.contradiction };
  }
  return { fact: inferred, contradiction: inferred.kind === stored.kind ? null : 'dtype' };
}

/** A fact in a sentence: `float32 [1, 3, 8]`. */
export function formatFact(fact: Fact): string {
  switch (fact.kind) {
    case 'tensor':
    case 'sparse':
      return `${fact.dtype} ${formatShape(fact.shape)}`;
    case 'sequence':
    case 'optional':
      return `${fact.kind} of ${formatFact(fact.element)}`;
    default:
      return fact.kind;
  }
}
