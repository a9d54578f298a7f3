import type { AttentionCore } from '../analysis/blocks/attentionCore';
import type { AttentionLayer, WindowGrid } from './layer';
import type { Tap } from './taps';
import { type ImageSize, tokenGrid, windowTokens } from './tokenGrid';

/** Reads one element of a tapped tensor by its row-major position. */
export type ElementReader = (index: number) => number;

/** A layer with its weights read off the run's tensors. */
export interface TappedLayer {
  readonly layer: AttentionLayer;
  /** Row-major [queries, keys] of one head, or the mean over heads, of one window. @throws RangeError outside them. */
  map(head: number | 'mean', window: number): Float32Array;
}

/**
 * Makes sense of a tapped tensor: which axes are heads, queries and keys, how
 * many windows the rest holds, and how the tokens lie on the image.
 * @param shape what the run gave, e.g. `[B, H, Q, K]`, `[B*H, Q, K]`, `[B*windows, H, Q, K]`
 * @param image size of the model's input in pixels
 * @param batch images in the run, of which the first is read
 * @returns `null` when the shape is not that of a matrix per head
 */
export function tappedLayer(tap: Tap, shape: readonly number[], read: ElementReader, image: ImageSize, batch = 1): TappedLayer | null {
  const axes = axesOf(tap.core, shape);
  if (!axes) return null;
  const windows = Math.floor(axes.attentions / Math.max(1, batch));
  if (windows < 1) return null;
  const { heads, queries, keys } = axes;
  const layer = describe(tap, { heads, queries, keys, windows }, image);
  const map = (head: number | 'mean', window: number): Float32Array => {
    if (!inRange(window, windows) || (head !== 'mean' && !inRange(head, heads))) {
      throw new RangeError(`${tap.label} has no head ${head} in window ${window}: it has ${heads} heads and ${windows} windows.`);
    }
    const values = new Float32Array(queries * keys);
    const chosen = head === 'mean' ? Array.from({ length: heads }, (_, index) => index) : [head];
    for (const index of chosen) addMatrix(values, axes, axes.start(window, index), read);
    if (chosen.length > 1) for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) / chosen.length;
    return values;
  };
  return { layer, map };
}

interface Axes {
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
  /** Matrices per head: images times windows. */
  readonly attentions: number;
  readonly queryStride: number;
  readonly keyStride: number;
  /** Position of the first element of one matrix. */
  start(attention: number, head: number): number;
}

function axesOf(core: AttentionCore, shape: readonly number[]): Axes | null {
  const rank = shape.length;
  if (rank < 2 || shape.includes(0)) return null;
  const known = core.shape?.length === rank;
  const keyAxis = known && core.keyAxis >= 0 ? core.keyAxis : rank - 1;
  const queryAxis = known && core.queryAxis >= 0 ? core.queryAxis : rank - 2;
  const headAxis = known ? core.headAxis : rank > 3 ? rank - 3 : -1;
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, extent) => product * extent, 1));
  const outer = shape.map((_, axis) => axis).filter((axis) => axis !== keyAxis && axis !== queryAxis && axis !== headAxis);
  const total = outer.reduce((product, axis) => product * (shape[axis] ?? 1), 1);
  // Heads may be folded into the last outer axis, innermost, as nn.MultiheadAttention does.
  const folded = headAxis < 0 ? Math.max(1, core.heads) : 1;
  if (total % folded !== 0) return null;
  const place = (index: number): number => {
    let rest = index;
    let at = 0;
    for (const axis of outer.toReversed()) {
      const extent = shape[axis] ?? 1;
      at += (rest % extent) * (strides[axis] ?? 0);
      rest = Math.floor(rest / extent);
    }
    return at;
  };
  const headStride = headAxis < 0 ? 0 : (strides[headAxis] ?? 0);
  return {
    heads: headAxis < 0 ? folded : (shape[headAxis] ?? 1),
    queries: shape[queryAxis] ?? 0,
    keys: shape[keyAxis] ?? 0,
    attentions: total / folded,
    queryStride: strides[queryAxis] ?? 0,
    keyStride: strides[keyAxis] ?? 0,
    start: (attention, head) => (headAxis < 0 ? place(attention * folded + head) : place(attention) + head * headStride),
  };
}

function addMatrix(values: Float32Array, { queries, keys, queryStride, keyStride }: Axes, start: number, read: ElementReader): void {
  let to = 0;
  for (let query = 0; query < queries; query++) {
    let from = start + query * queryStride;
    for (let key = 0; key < keys; key++, from += keyStride, to++) values[to] = (values[to] as number) + read(from);
  }
}

type Counts = Pick<AttentionLayer, 'heads' | 'queries' | 'keys' | 'windows'>;

function describe({ core, label, interleaved }: Tap, counts: Counts, image: ImageSize): AttentionLayer {
  const { queries, keys, windows } = counts;
  if (windows === 1) {
    // Queries of cross attention are learned or come from elsewhere: their number says nothing about the image.
    const queryGrid = core.cross ? null : tokenGrid(queries, image);
    const same = queryGrid ? tokenGrid(keys, image, [queryGrid.leading]) : null;
    return { block: core.block, label, ...counts, queryGrid, keyGrid: same ?? tokenGrid(keys, image) };
  }
  const queryGrid = windowTokens(queries);
  const keyGrid = windowTokens(keys);
  const windowGrid = queryGrid && queries === keys ? windowsOver(image, windows, queryGrid.rows) : null;
  const shift = core.shifted ? Math.floor(keys ** 0.5 / 2) : 0;
  return {
    block: core.block,
    label,
    ...counts,
    queryGrid,
    keyGrid,
    ...(windowGrid ? { windowGrid: { ...windowGrid, shift, ...(interleaved ? { interleaved } : {}) } } : {}),
  };
}

/** Rows and columns of windows that tile the image in whole tokens. */
function windowsOver(image: ImageSize, windows: number, side: number): Pick<WindowGrid, 'rows' | 'columns'> | null {
  const rows = Math.round(Math.sqrt((windows * image.height) / image.width));
  const columns = windows / rows;
  if (rows < 1 || !Number.isInteger(columns)) return null;
  const high = image.height / (rows * side);
  const wide = image.width / (columns * side);
  return high === wide && Number.isInteger(high) ? { rows, columns } : null;
}

function inRange(index: number, count: number): boolean {
  return Number.isInteger(index) && index >= 0 && index < count;
}
