import { bitsOf, type DType, type Shape } from '../../model';
import { elementsOfShape } from '../../operators/common/costs';
import type { Fact } from '../../operators/rule';

/** Bytes of packed elements as a double, where that is exact; else NaN. */
function smallBytes(dtype: DType, shape: Shape | null): number {
  if (shape === null) return Number.NaN;
  let bits = bitsOf(dtype);
  for (let axis = 0; axis < shape.length; axis++) {
    const dim = shape[axis];
    bits *= typeof dim === 'number' && dim >= 0 ? dim : Number.NaN;
  }
  return Number.isSafeInteger(bits) ? Math.ceil(bits / 8) : Number.NaN;
}

/** Bytes of packed elements, exactly; strings have no fixed width and count 0. `null` where an extent is not known. */
export function bytesOfShape(dtype: DType, shape: Shape | null): bigint | null {
  const small = smallBytes(dtype, shape);
  if (!Number.isNaN(small)) return BigInt(small);
  const count = elementsOfShape(shape);
  return count === null ? null : (count * BigInt(bitsOf(dtype)) + 7n) / 8n;
}

/** Bytes of a value; `null` where its extent is not known, a sequence's by its elements. */
export function bytesOfFact(fact: Fact | null): bigint | null {
  if (fact === null) return 0n;
  switch (fact.kind) {
    case 'tensor':
    case 'sparse':
      return bytesOfShape(fact.dtype, fact.shape);
    case 'sequence': {
      if (!fact.elements) return null;
      let sum = 0n;
      for (const element of fact.elements) {
        const bytes = bytesOfFact(element);
        if (bytes === null) return null;
        sum += bytes;
      }
      return sum;
    }
    case 'optional':
      return fact.present === false ? 0n : bytesOfFact(fact.element);
    default:
      return null;
  }
}

/** Bytes of several values together; `null` where one's extent is not known. */
export function bytesOfFacts(facts: readonly (Fact | null)[]): bigint | null {
  // Nearly every sum is small: only what doubles cannot hold takes the exact path.
  let small = 0;
  let rest = 0n;
  for (let at = 0; at < facts.length; at++) {
    const fact = facts[at] ?? null;
    if (fact === null) continue;
    const bytes = fact.kind === 'tensor' ? smallBytes(fact.dtype, fact.shape) : Number.NaN;
    if (Number.isSafeInteger(small + bytes)) {
      small += bytes;
      continue;
    }
    const exact = bytesOfFact(fact);
    if (exact === null) return null;
    rest += exact;
  }
  return rest + BigInt(small);
}
