import type { PyValue } from './values';

/** Indexes up to this lie in an array, as picklers count them; those of a file that skips ahead in a map. */
const DENSE_AHEAD = 4096;

/** What PUT keeps and GET finds. */
export class Memo {
  private readonly dense: PyValue[] = [];
  private readonly sparse = new Map<number, PyValue>();

  /** How many there are: where MEMOIZE puts the next. */
  size = 0;

  get(index: number): PyValue | undefined {
    const value = this.dense[index];
    return value === undefined ? this.sparse.get(index) : value;
  }

  set(index: number, value: PyValue): void {
    if (this.get(index) === undefined) this.size += 1;
    if (index > this.dense.length + DENSE_AHEAD) this.sparse.set(index, value);
    else {
      while (this.dense.length < index) {
        // A hole would make the array a slow one; nothing reads what stands in it but through `get`.
        const next = this.dense.length;
        this.dense.push(this.sparse.get(next) ?? HOLE);
      }
      this.dense[index] = value;
      this.sparse.delete(index);
    }
  }
}

const HOLE = undefined as unknown as PyValue;
