/** Lists of integers side by side in one array: list `i` is `items[starts[i]]` up to `items[starts[i + 1]]`. */
export interface Lists {
  readonly starts: Int32Array;
  readonly items: Int32Array;
}

/** Turns lists round: for each of `count` items, the numbers of the lists that hold it, ascending, once each. Negative items are in no list. */
export function turned({ starts, items }: Lists, count: number): Lists {
  const lists = starts.length - 1;
  const last = new Int32Array(count).fill(-1);
  const turnedStarts = new Int32Array(count + 1);
  const each = (visit: (item: number, list: number) => void): void => {
    last.fill(-1);
    for (let list = 0; list < lists; list++) {
      const end = starts[list + 1] as number;
      for (let at = starts[list] as number; at < end; at++) {
        const item = items[at] as number;
        if (item < 0 || last[item] === list) continue;
        last[item] = list;
        visit(item, list);
      }
    }
  };
  each((item) => {
    turnedStarts[item + 1] = (turnedStarts[item + 1] as number) + 1;
  });
  for (let item = 0; item < count; item++) turnedStarts[item + 1] = (turnedStarts[item + 1] as number) + (turnedStarts[item] as number);
  const turnedItems = new Int32Array(turnedStarts[count] as number);
  const next = turnedStarts.slice();
  each((item, list) => {
    const at = next[item] as number;
    turnedItems[at] = list;
    next[item] = at + 1;
  });
  return { starts: turnedStarts, items: turnedItems };
}
