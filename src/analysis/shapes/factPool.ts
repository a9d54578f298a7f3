import type { Dim } from '../../model';
import { type Fact, UNKNOWN } from '../../operators/rule';

/** Constants with more elements are not compared: reading each would cost more than a rule that is run again. */
const MAX_ELEMENTS = 64;

function dimsKey(dims: readonly Dim[] | null | undefined): string {
  if (dims === null) return '?';
  if (dims === undefined) return '-';
  let key = '';
  for (let at = 0; at < dims.length; at++) {
    const dim = dims[at];
    key += typeof dim === 'string' ? `${JSON.stringify(dim)},` : Object.is(dim, -0) ? '-0,' : `${dim},`;
  }
  return key;
}

/** Equal keys, equal facts; `null` for a fact that is not compared. */
function keyOf(fact: Fact): string | null {
  if (fact.kind === 'unknown') return 'u';
  if (fact.kind !== 'tensor' || (fact.data && fact.data.length > MAX_ELEMENTS)) return null;
  return `${fact.dtype}[${dimsKey(fact.shape)}]${dimsKey(fact.data)}`;
}

/** Numbers facts: equal facts have equal numbers, and are one object in the pool. */
export class FactPool {
  private readonly facts: Fact[] = [];
  private readonly byKey = new Map<string, number>();
  private readonly byFact = new Map<Fact, number>();

  constructor() {
    this.number(UNKNOWN);
  }

  /** -1 for a fact that is not compared with others. */
  number(fact: Fact): number {
    const before = this.byFact.get(fact);
    if (before !== undefined) return before;
    const key = keyOf(fact);
    if (key === null) return -1;
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const fresh = this.facts.push(fact) - 1;
    this.byKey.set(key, fresh);
    this.byFact.set(fact, fresh);
    return fresh;
  }

  fact(number: number): Fact | undefined {
    return this.facts[number];
  }
}
