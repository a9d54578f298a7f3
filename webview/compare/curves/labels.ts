/**
 * Middles of labels in one column: each as near to the one it wishes as none
 * touches another and all stay between `top` and `bottom`. Neighbours that
 * would overlap are moved apart together, around their common mean.
 */
export function spreadLabels(wished: readonly number[], height: number, top: number, bottom: number): readonly number[] {
  interface Group {
    readonly members: readonly number[];
    readonly middle: number;
  }
  const extent = ({ members }: Group) => members.length * height;
  const clamped = (members: readonly number[]): Group => {
    const half = (members.length * height) / 2;
    const mean = members.reduce((sum, member) => sum + (wished[member] ?? 0), 0) / members.length;
    return { members, middle: Math.max(top + half, Math.min(bottom - half, mean)) };
  };
  const order = wished.map((_, index) => index).sort((a, b) => (wished[a] ?? 0) - (wished[b] ?? 0));
  const groups: Group[] = [];
  for (const index of order) {
    let group = clamped([index]);
    for (
      let before = groups.at(-1);
      before && before.middle + extent(before) / 2 > group.middle - extent(group) / 2;
      before = groups.at(-1)
    ) {
      groups.pop();
      group = clamped([...before.members, ...group.members]);
    }
    groups.push(group);
  }
  const placed = new Array<number>(wished.length).fill(0);
  for (const group of groups) {
    for (const [place, member] of group.members.entries()) placed[member] = group.middle - extent(group) / 2 + (place + 0.5) * height;
  }
  return placed;
}
