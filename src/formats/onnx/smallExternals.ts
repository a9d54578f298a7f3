import { type ByteSource, LIMITS, type SiblingOpener } from '../../bytes';
import { type DType, elementCount, isFloating } from '../../model';
import { dtypeOf } from './dtype';
import type { ExternalFiles } from './external';
import { DataLocation } from './schema';
import type { TensorProto } from './schema/onnx-ml_pb';

interface Range {
  readonly tensor: TensorProto;
  readonly offset: number;
  readonly length: number;
}

/** Floats of a shape's arithmetic: a scale per axis, a scalar. Longer ones are weights, which opening never reads. */
const FLOATS = 8;
/** Ranges that lie this near, in bytes, are read at once. */
const GAP = 4096;
/** Bytes read at once. */
const WINDOW = 2 ** 18;

/**
 * Elements of small constants in files beside the model. Those in the model's own file are kept with it; here they
 * are fetched, for the shapes of a model may hang on them. Weights stay where they are.
 */
export async function readSmallExternals(
  tensors: readonly TensorProto[],
  externals: ExternalFiles,
  open: SiblingOpener | undefined,
): Promise<ReadonlyMap<TensorProto, Uint8Array>> {
  const found = new Map<TensorProto, Uint8Array>();
  if (!open) return found;
  for (const [file, ranges] of byFile(tensors, externals)) {
    try {
      const source = await open(file);
      if (source) for (const window of windows(ranges)) await readWindow(source, window, found);
    } catch {
      // What cannot be read now is what every external tensor is otherwise: a range, whose values are asked for later.
    }
  }
  return found;
}

function byFile(tensors: readonly TensorProto[], externals: ExternalFiles): ReadonlyMap<string, Range[]> {
  const files = new Map<string, Range[]>();
  let count = 0;
  for (const tensor of tensors) {
    if (tensor.dataLocation !== DataLocation.EXTERNAL) continue;
    const dtype = dtypeOf(tensor.dataType);
    const shape = tensor.dims.map(Number);
    const elements = shape.every((extent) => extent >= 0) ? elementCount(shape) : null;
    if (elements === null || !maySteerShapes(dtype, shape, elements)) continue;
    const range = externals.rangeOf(tensor, dtype, elements);
    if (range.kind !== 'bytes' || range.length === 0 || range.length > LIMITS.inlineTensorBytes) continue;
    if (++count > LIMITS.externalConstants) break;
    const list = files.get(range.file) ?? [];
    files.set(range.file, list);
    list.push({ tensor, offset: range.offset, length: range.length });
  }
  return files;
}

function maySteerShapes(dtype: DType, shape: readonly number[], elements: number): boolean {
  if (dtype === 'undefined' || dtype === 'string') return false;
  return !isFloating(dtype) || (shape.length <= 1 && elements <= FLOATS);
}

/** Runs of neighbouring ranges, in the file's order. */
function windows(ranges: readonly Range[]): readonly (readonly Range[])[] {
  const runs: Range[][] = [];
  let begin = 0;
  let end = 0;
  for (const range of [...ranges].sort((a, b) => a.offset - b.offset)) {
    const run = runs.at(-1);
    if (run && range.offset <= end + GAP && range.offset + range.length - begin <= WINDOW) {
      run.push(range);
      end = Math.max(end, range.offset + range.length);
      continue;
    }
    runs.push([range]);
    begin = range.offset;
    end = range.offset + range.length;
  }
  return runs;
}

async function readWindow(source: ByteSource, run: readonly Range[], found: Map<TensorProto, Uint8Array>): Promise<void> {
  const begin = run[0]?.offset ?? 0;
  const end = run.reduce((most, { offset, length }) => Math.max(most, offset + length), begin);
  const bytes = await source.read(begin, end - begin);
  // A copy each: a window would stay in memory for the sake of its smallest tensor.
  for (const { tensor, offset, length } of run) found.set(tensor, bytes.slice(offset - begin, offset - begin + length));
}
