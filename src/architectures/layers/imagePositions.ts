import { extent, type GraphBuilder, type Handle } from '../graph';

/** Longest wavelength of the sine encoding over 2 pi (arXiv 1706.03762, section 3.5). */
const LONGEST = 10_000;

/**
 * Adds sines and cosines of the row to one half of the channels and of the
 * column to the other (arXiv 1802.05751) of `[N, C, H, W]`; C is a multiple of 4.
 */
export function addSinePositions(b: GraphBuilder, x: Handle): Handle {
  const [channels, height, width] = [extent(x, 1), extent(x, 2), extent(x, 3)];
  const quarter = channels / 4;
  const frequencies = Array.from({ length: quarter }, (_, index) => LONGEST ** (-index / quarter));
  const scale = b.weight('inv_freq', [quarter, 1], { kind: 'values', values: frequencies });
  const half = (length: number, shape: readonly number[]) => {
    const angles = b.node('Mul', [scale, b.node('Range', [b.scalar(0), b.scalar(length), b.scalar(1)])]);
    const waves = b.node('Concat', [b.node('Sin', [angles]), b.node('Cos', [angles])], { axis: 0 });
    const placed = b.node('Reshape', [waves, b.constant(shape)]);
    return b.node('Expand', [placed, b.constant([2 * quarter, height, width])]);
  };
  const rows = half(height, [2 * quarter, height, 1]);
  return b.node('Add', [x, b.node('Concat', [rows, half(width, [2 * quarter, 1, width])], { axis: 0 })]);
}

/** Appends row, column and distance from the centre, -1 to 1 along each axis (CoordConv, arXiv 1807.03247), to `[N, C, H, W]`. */
export function appendCoordinates(b: GraphBuilder, x: Handle): Handle {
  const [height, width] = [extent(x, 2), extent(x, 3)];
  const axis = (length: number, shape: readonly number[]) => {
    const steps = b.node('Range', [b.scalar(0), b.scalar(length), b.scalar(1)]);
    const spread = b.node('Mul', [steps, b.scalar(2 / Math.max(1, length - 1))]);
    const centred = b.node('Sub', [spread, b.scalar(1)]);
    return b.node('Expand', [b.node('Reshape', [centred, b.constant(shape)]), b.constant([1, 1, height, width])]);
  };
  const rows = axis(height, [1, 1, height, 1]);
  const columns = axis(width, [1, 1, 1, width]);
  const distance = b.node('Sqrt', [b.node('Add', [b.node('Mul', [rows, rows]), b.node('Mul', [columns, columns])])]);
  const coordinates = b.node('Concat', [rows, columns, distance], { axis: 1 });
  const batch = b.node('Shape', [x], { start: 0, end: 1 });
  const shape = b.node('Concat', [batch, b.constant([3, height, width])], { axis: 0 });
  return b.node('Concat', [x, b.node('Expand', [coordinates, shape])], { axis: 1 });
}
