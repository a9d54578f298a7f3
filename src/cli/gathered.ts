import { append } from '../data';
import type { Slice } from '../protocol';

/** A list that comes in slices. */
export async function gathered<Row>(ask: (from: number) => Promise<Slice<Row>>): Promise<readonly Row[]> {
  const all: Row[] = [];
  for (let from: number | null = 0; from !== null; ) {
    const { rows, next }: Slice<Row> = await ask(from);
    append(all, rows);
    from = next;
  }
  return all;
}
