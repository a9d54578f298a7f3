import type { Wiring } from '../../graph';
import type { Fact } from '../../operators/rule';
import type { FactPool } from './factPool';

/** What is known of the values that a scope makes or is given, by value number and by name. */
export class FactTable {
  private readonly facts: (Fact | undefined)[];
  private readonly numbers: Int32Array;

  constructor(
    private readonly wiring: Wiring,
    private readonly pool: FactPool,
  ) {
    this.facts = new Array<Fact | undefined>(wiring.values.length).fill(undefined);
    this.numbers = new Int32Array(wiring.values.length).fill(-1);
  }

  at(value: number): Fact | undefined {
    return this.facts[value];
  }

  /** The pool's number of a value's fact; -1 where there is none. */
  numberAt(value: number): number {
    return this.numbers[value] ?? -1;
  }

  put(value: number, fact: Fact, number: number): void {
    this.facts[value] = fact;
    this.numbers[value] = number;
  }

  get(name: string): Fact | undefined {
    return this.facts[this.wiring.value(name)];
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** Names that neither the graph's wiring nor its declarations know are left out: nothing can read them. */
  set(name: string, fact: Fact): void {
    const value = this.wiring.value(name);
    if (value < 0) return;
    const number = this.pool.number(fact);
    this.put(value, this.pool.fact(number) ?? fact, number);
  }
}
