import type { AxisPart, CheckpointTensorRow, CheckpointViewApi, Client, TensorSpectrum } from '../../../src/protocol';
import { colourFilters, type Field, type Pixels, permuted, tiled } from './compose';
import { kernelAxes, type PictureKind, relativeAxes } from './kinds';

/** Rows and columns of a slice that are drawn at most; of a longer axis every k-th index. */
const MOST_CELLS = 512;
/** Filters in colour that are drawn at once. */
export const MOST_FILTERS = 64;
/** Kernels in a row, and rows of them. */
export const MOST_KERNELS = 12;
/** Rows and columns around a place that was picked. */
const NEAR = 64;

/** What a person chose of a picture. */
export interface PictureChoice {
  readonly kind: PictureKind;
  /** Axes of a slice that are drawn down and across. */
  readonly rowAxis: number;
  readonly columnAxis: number;
  /** Index on every other axis; of kernels and filters the first output. */
  readonly at: readonly number[];
  /** First row and column of a part of the slice; `null` for all of it. */
  readonly near: readonly [number, number] | null;
}

/** A picture, and what its cells are. */
export type MadePicture =
  | {
      readonly kind: 'canvas';
      readonly picture: Field | Pixels;
      readonly caption: string;
      nameOf(row: number, column: number): string;
      placeOf?(row: number, column: number): readonly [number, number];
    }
  | { readonly kind: 'spectrum'; readonly spectrum: TensorSpectrum };

/** How a picture is described. */
export interface PictureWords {
  everyKth(axis: string, step: number): string;
  range(what: string, from: number, to: number, of: number): string;
  readonly outputs: string;
  readonly inputs: string;
  readonly heads: string;
  readonly similarity: string;
}

type Api = Pick<Client<CheckpointViewApi>, 'block' | 'spectrum' | 'similarity'>;

const one = (from: number): AxisPart => ({ from, count: 1, step: 1 });
const whole = (count: number): AxisPart => ({ from: 0, count, step: 1 });

/** Reads what a picture shows, and no more of the tensor. */
export function fetchPicture(
  api: Api,
  row: CheckpointTensorRow,
  choice: PictureChoice,
  words: PictureWords,
  signal: AbortSignal,
): Promise<MadePicture> {
  switch (choice.kind) {
    case 'filters':
      return filters(api, row, choice, words, signal);
    case 'kernels':
      return kernels(api, row, choice, words, signal);
    case 'similarity':
      return similarity(api, row, words, signal);
    case 'relative':
      return relative(api, row, words, signal);
    case 'slice':
      return slice(api, row, choice, words, signal);
    case 'spectrum':
      return api.spectrum({ tensor: row.name }, { signal }).then((spectrum) => ({ kind: 'spectrum', spectrum }) as const);
    default:
      return choice.kind satisfies never;
  }
}

async function filters(
  api: Api,
  { name, shape }: CheckpointTensorRow,
  { at }: PictureChoice,
  words: PictureWords,
  signal: AbortSignal,
): Promise<MadePicture> {
  const axes = kernelAxes(shape) ?? { outputs: 0, inputs: 1, height: 2, width: 3 };
  const [all, height, width] = [shape[axes.outputs] ?? 0, shape[axes.height] ?? 1, shape[axes.width] ?? 1];
  const from = Math.min(at[axes.outputs] ?? 0, Math.max(0, all - 1));
  const count = Math.min(MOST_FILTERS, all - from);
  const parts = shape.map((extent, axis) => (axis === axes.outputs ? { from, count, step: 1 } : whole(extent)));
  const values = await api.block({ tensor: name, parts }, { signal });
  const order = [axes.outputs, axes.inputs, axes.height, axes.width];
  const ordered = permuted(
    values,
    parts.map((part) => part.count),
    order,
  );
  const across = Math.min(8, count);
  const nameOf = (row: number, column: number) => {
    const filter = Math.floor(row / (height + 1)) * across + Math.floor(column / (width + 1));
    return filter < count ? `[${from + filter}]` : '';
  };
  const caption = words.range(words.outputs, from, from + count - 1, all);
  return { kind: 'canvas', picture: colourFilters(ordered, count, height, width, across), caption, nameOf };
}

async function kernels(
  api: Api,
  { name, shape }: CheckpointTensorRow,
  { at }: PictureChoice,
  words: PictureWords,
  signal: AbortSignal,
): Promise<MadePicture> {
  const axes = kernelAxes(shape) ?? { outputs: 0, inputs: 1, height: 2, width: 3 };
  const [height, width] = [shape[axes.height] ?? 1, shape[axes.width] ?? 1];
  const part = (axis: number, most: number): AxisPart => {
    const from = Math.min(at[axis] ?? 0, Math.max(0, (shape[axis] ?? 1) - 1));
    return { from, count: Math.min(most, (shape[axis] ?? 1) - from), step: 1 };
  };
  const inputs = part(axes.inputs, MOST_KERNELS);
  // Depthwise kernels have one input each, first ones three: several outputs stand in a row.
  const inRow = Math.max(1, Math.floor(MOST_KERNELS / inputs.count));
  const outputs = part(axes.outputs, inRow * MOST_KERNELS);
  const parts = shape.map((extent, axis) => (axis === axes.outputs ? outputs : axis === axes.inputs ? inputs : whole(extent)));
  const values = await api.block({ tensor: name, parts }, { signal });
  const ordered = permuted(
    values,
    parts.map(({ count }) => count),
    [axes.outputs, axes.inputs, axes.height, axes.width],
  );
  const across = inputs.count * Math.min(inRow, outputs.count);
  const down = Math.ceil((outputs.count * inputs.count) / across);
  const nameOf = (row: number, column: number) => {
    const [y, x] = [row % (height + 1), column % (width + 1)];
    const tile = Math.floor(row / (height + 1)) * across + Math.floor(column / (width + 1));
    if (y === height || x === width || tile >= outputs.count * inputs.count) return '';
    const index = new Map([
      [axes.outputs, outputs.from + Math.floor(tile / inputs.count)],
      [axes.inputs, inputs.from + (tile % inputs.count)],
      [axes.height, y],
      [axes.width, x],
    ]);
    return `[${shape.map((_, axis) => index.get(axis)).join(', ')}]`;
  };
  const caption = [
    words.range(words.outputs, outputs.from, outputs.from + outputs.count - 1, shape[axes.outputs] ?? 0),
    words.range(words.inputs, inputs.from, inputs.from + inputs.count - 1, shape[axes.inputs] ?? 0),
  ].join(', ');
  return { kind: 'canvas', picture: tiled(ordered, { down, across }, height, width), caption, nameOf };
}

async function similarity(api: Api, { name }: CheckpointTensorRow, words: PictureWords, signal: AbortSignal): Promise<MadePicture> {
  const { rows, step, cosines } = await api.similarity({ tensor: name }, { signal });
  const nameOf = (row: number, column: number) => `cos(${row * step}, ${column * step})`;
  const caption = step === 1 ? words.similarity : `${words.similarity}, ${words.everyKth('', step)}`;
  return { kind: 'canvas', picture: { rows, columns: rows, values: cosines }, caption, nameOf };
}

async function relative(api: Api, row: CheckpointTensorRow, words: PictureWords, signal: AbortSignal): Promise<MadePicture> {
  const axes = relativeAxes(row) ?? { heads: 0, places: [1], side: 1 };
  const values = await api.block({ tensor: row.name, parts: row.shape.map(whole) }, { signal });
  const heads = row.shape[axes.heads] ?? 1;
  const ordered = permuted(values, row.shape, [axes.heads, ...axes.places]);
  const across = Math.min(4, heads);
  const { side } = axes;
  const nameOf = (y: number, x: number) => {
    const head = Math.floor(y / (side + 1)) * across + Math.floor(x / (side + 1));
    const half = (side - 1) / 2;
    return head >= heads || y % (side + 1) === side || x % (side + 1) === side
      ? ''
      : `${head}: (${(y % (side + 1)) - half}, ${(x % (side + 1)) - half})`;
  };
  const caption = words.range(words.heads, 0, heads - 1, heads);
  return { kind: 'canvas', picture: tiled(ordered, { down: Math.ceil(heads / across), across }, side, side), caption, nameOf };
}

async function slice(
  api: Api,
  { name, shape }: CheckpointTensorRow,
  choice: PictureChoice,
  words: PictureWords,
  signal: AbortSignal,
): Promise<MadePicture> {
  const { rowAxis, columnAxis, near } = choice;
  const part = (axis: number, place: 0 | 1): AxisPart => {
    const extent = shape[axis] ?? 1;
    if (near) {
      const from = Math.max(0, Math.min(near[place] - NEAR / 2, extent - NEAR));
      return { from, count: Math.min(NEAR, extent - from), step: 1 };
    }
    const step = Math.ceil(extent / MOST_CELLS);
    return { from: 0, count: Math.ceil(extent / step), step };
  };
  const [rows, columns] = [part(rowAxis, 0), part(columnAxis, 1)];
  const index = (axis: number) => Math.min(choice.at[axis] ?? 0, (shape[axis] ?? 1) - 1);
  const parts = shape.map((_, axis) => (axis === rowAxis ? rows : axis === columnAxis ? columns : one(index(axis))));
  const values = await api.block({ tensor: name, parts }, { signal });
  const upright = rowAxis < columnAxis ? values : permuted(values, [columns.count, rows.count], [1, 0]);
  const placeOf = (row: number, column: number) => [rows.from + row * rows.step, columns.from + column * columns.step] as const;
  const nameOf = (row: number, column: number) => {
    const [y, x] = placeOf(row, column);
    return `[${shape.map((_, axis) => (axis === rowAxis ? y : axis === columnAxis ? x : index(axis))).join(', ')}]`;
  };
  const text = shape.map((_, axis) =>
    axis === rowAxis || axis === columnAxis ? slicedText(axis === rowAxis ? rows : columns, near !== null) : String(index(axis)),
  );
  const steps = [rows.step > 1 ? words.everyKth('row', rows.step) : '', columns.step > 1 ? words.everyKth('column', columns.step) : ''];
  const caption = [`[${text.join(', ')}]`, ...steps.filter((step) => step !== '')].join(', ');
  return { kind: 'canvas', picture: { rows: rows.count, columns: columns.count, values: upright }, caption, nameOf, placeOf };
}

/** As Python writes it: `:`, `::4`, `64:128`. */
function slicedText({ from, count, step }: AxisPart, near: boolean): string {
  if (near) return `${from}:${from + count}`;
  return step === 1 ? ':' : `::${step}`;
}
