import type { PyValue } from './values';

/** What an unpickler's stack refuses, as a clause. */
export class StackFault extends Error {}

/** Values and marks as CPython keeps them: nothing below the last mark is reached by what takes no mark. */
export class Stack {
  private values: PyValue[] = [];
  private readonly marks: number[] = [];
  private fence = 0;

  push(value: PyValue): void {
    this.values.push(value);
  }

  pop(): PyValue {
    if (this.values.length <= this.fence) throw new StackFault('it takes more from the stack than is on it');
    return this.values.pop() as PyValue;
  }

  /** The last value, which stays. */
  top(): PyValue {
    if (this.values.length <= this.fence) throw new StackFault('it takes more from the stack than is on it');
    return this.values[this.values.length - 1] as PyValue;
  }

  mark(): void {
    this.fence = this.values.length;
    this.marks.push(this.fence);
  }

  /** All values above the last mark, which goes too. */
  popMark(): PyValue[] {
    const from = this.marks.pop();
    if (from === undefined) throw new StackFault('it takes values back to a mark, and there is none');
    this.fence = this.marks[this.marks.length - 1] ?? 0;
    return this.values.splice(from);
  }

  /** POP: the mark where it is what came last, else a value. */
  drop(): void {
    if (this.marks.length > 0 && this.fence === this.values.length) this.popMark();
    else this.pop();
  }

  get depth(): number {
    return this.values.length + this.marks.length;
  }
}
