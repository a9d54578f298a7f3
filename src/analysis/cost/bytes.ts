import { bitsOf, type DType } from '../../model';
import { elements } from '../../operators/costs';
import type { Fact } from '../../operators/rule';

/** Bytes of packed elements, exactly; strings have no fixed width and count 0. */
export function bytesOf(dtype: DType, count: bigint): bigint {
  return (count * BigInt(bitsOf(dtype)) + 7n) / 8n;
}

/** Bytes of a value; `null` where its extent is not known, a sequence's by its elements. */
export function bytesOfFact(fact: Fact | null): bigint | null {
  if (fact === null) return 0n;
  switch (fact.kind) {
    case 'tensor':
    case 'sparse': {
      const count = elements(fact);
      return count === null ? null : bytesOf(fact.dtype, count);
    }
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

/** Bytes of a tensor as a double, where that is exact; else NaN. */
function smallBytes(fact: Fact): number {
  if (fact.kind !== 'tensor' || fact.shape === null) return Number.NaN;
  let bits = bitsOf(fact.dtype);
  for (const dim of fact.shape) bits *= typeof dim === 'number' ? dim : Number.NaN;
  return Number.isSafeInteger(bits) ? Math.ceil(bits / 8) : Number.NaN;
}

/** Bytes of several values together; `null` where one's extent is not known. */
export function bytesOfFacts(facts: readonly (Fact | null)[]): bigint | null {
  // Nearly every sum is small: only what doubles cannot hold takes the exact path.
  let small = 0;
  let rest = 0n;
  for (const fact of facts) {
    if (fact === null) continue;
    const bytes = smallBytes(fact);
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
