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
