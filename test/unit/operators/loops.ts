/**
 * Operators written as the loops their definitions are, counting multiply-adds
 * one by one: an oracle for cost rules that shares no arithmetic with them.
 */

export interface ConvolutionLoop {
  readonly batch: number;
  readonly channels: number;
  readonly outputs: number;
  readonly group: number;
  readonly input: readonly number[];
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Before, then after each axis. */
  readonly pads: readonly number[];
}

/** First positions of all windows that fit into the padded axis, found by sliding. */
export function starts(loop: ConvolutionLoop, axis: number): readonly number[] {
  const before = loop.pads[axis] ?? 0;
  const after = loop.pads[axis + loop.input.length] ?? 0;
  const end = (loop.input[axis] ?? 0) + after;
  const found: number[] = [];
  for (let start = -before; ; start += loop.strides[axis] ?? 1) {
    let last = start;
    for (let tap = 1; tap < (loop.kernel[axis] ?? 1); tap++) last += loop.dilations[axis] ?? 1;
    if (last >= end) return found;
    found.push(start);
  }
}

/** Calls `visit` for every combination of one index below each extent. */
export function visitAll(extents: readonly number[], visit: (index: readonly number[]) => void, index: readonly number[] = []): void {
  const [first, ...rest] = extents;
  if (first === undefined) {
    visit(index);
    return;
  }
  for (let i = 0; i < first; i++) visitAll(rest, visit, [...index, i]);
}

/** Multiply-adds of a convolution, those on padding included. */
export function convolutionMacs(loop: ConvolutionLoop): { macs: number; shape: readonly number[] } {
  const spatial = loop.input.map((_, axis) => starts(loop, axis).length);
  let macs = 0;
  const perGroup = loop.channels / loop.group;
  visitAll([loop.batch, loop.outputs, ...spatial], () => {
    for (let channel = 0; channel < perGroup; channel++) visitAll(loop.kernel, () => macs++);
  });
  return { macs, shape: [loop.batch, loop.outputs, ...spatial] };
}

/** Multiply-adds of a transposed convolution: every input element is scattered through the kernel of its group. */
export function transposedMacs(loop: ConvolutionLoop): number {
  let macs = 0;
  visitAll([loop.batch, loop.channels, ...loop.input], () => {
    for (let output = 0; output < loop.outputs / loop.group; output++) visitAll(loop.kernel, () => macs++);
  });
  return macs;
}
