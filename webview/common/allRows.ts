import type { Slice } from '../../src/protocol';

/** All slices of a list, one after the other, so that what a person asks for meanwhile is answered in between. */
export async function allRows<Row>(
  ask: (from: number) => Promise<Slice<Row>>,
  received: (rows: number) => void = () => {},
): Promise<readonly Row[]> {
  const all: Row[] = [];
  for (let from: number | null = 0; from !== null; ) {
    const { rows, next }: Slice<Row> = await ask(from);
    for (const row of rows) all.push(row);
    received(all.length);
    // A list that does not go on has come to its end.
    from = next !== null && next > from ? next : null;
  }
  return all;
}
