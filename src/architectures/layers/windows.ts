import { extent, type GraphBuilder, type Handle } from '../graph';

/** `window`: neighbouring pixels attend to each other; `grid`: pixels at the same place of every cell (arXiv 2204.01697, figure 3). */
export type Partition = 'window' | 'grid';

/** `[N, H, W, C]` to `[N * (H / side) * (W / side), side * side, C]`; `side` divides both extents. */
export function partition(b: GraphBuilder, x: Handle, side: number, kind: Partition = 'window'): Handle {
  const [height, width, channels] = [extent(x, 1), extent(x, 2), extent(x, 3)];
  const split = kind === 'window' ? [height / side, side, width / side, side] : [side, height / side, side, width / side];
  const parts = b.node('Reshape', [x, b.constant([0, ...split, channels])]);
  const ordered = b.node('Transpose', [parts], { perm: kind === 'window' ? [0, 1, 3, 2, 4, 5] : [0, 2, 4, 1, 3, 5] });
  return b.node('Reshape', [ordered, b.constant([-1, side * side, channels])]);
}

/** The way back, to `[N, height, width, C]`. */
export function unpartition(b: GraphBuilder, x: Handle, side: number, height: number, width: number, kind: Partition = 'window'): Handle {
  const channels = extent(x, 2);
  const parts = b.node('Reshape', [x, b.constant([-1, height / side, width / side, side, side, channels])]);
  const ordered = b.node('Transpose', [parts], { perm: kind === 'window' ? [0, 1, 3, 2, 4, 5] : [0, 3, 1, 4, 2, 5] });
  return b.node('Reshape', [ordered, b.constant([-1, height, width, channels])]);
}

/** Rolls `[N, H, W, C]` by `shift` along both image axes as torch.roll does: positive shifts move towards larger indices. */
export function roll(b: GraphBuilder, x: Handle, shift: number): Handle {
  return [1, 2].reduce((rolled, axis) => {
    const size = extent(rolled, axis);
    const cut = ((-shift % size) + size) % size;
    if (cut === 0) return rolled;
    const [head, tail] = [slice(b, rolled, axis, 0, cut), slice(b, rolled, axis, cut, size)];
    return b.node('Concat', [tail, head], { axis });
  }, x);
}

/** Every `step`-th entry of an axis from `start` to `end`. */
export function slice(b: GraphBuilder, x: Handle, axis: number, start: number, end: number, step = 1): Handle {
  return b.node('Slice', [x, b.constant([start]), b.constant([end]), b.constant([axis]), b.constant([step])]);
}
