import type { Key } from '../checkpoint/keys/key';
import { matchKeys } from '../checkpoint/keys/match';
import { type ReshapeReason, reshapeReason } from '../checkpoint/keys/reshape';
import { type WrittenTensor, writeSafetensors } from '../formats/safetensors/write';
import type { TensorFiles } from '../formats/tensorValues';
import { bitsOf, elementCount } from '../model';
import type { CallContext, MendedFile } from '../protocol';
import { withContent } from './checkpointDiff';
import { comparedKeys, type DiffSide, withFiles } from './diffSides';
import { between, packedBytes, transposed } from './movedBytes';
import { writeWhole } from './writeWhole';

/** Writes the first side's tensors under the second's names and in its shapes, as far as that changes no value. */
export function mendCheckpoint(before: DiffSide, after: DiffSide, path: string, context: CallContext): Promise<MendedFile> {
  const { signal } = context;
  const compared = comparedKeys(before, after);
  return withFiles(before, after, async (ours, theirs) => {
    const match = await withContent(matchKeys(compared.before, compared.after), ours, theirs, context);
    const mended: WrittenTensor[] = [];
    for (const pair of match.pairs) {
      const { from, to } = pair;
      const reason = reshapeReason(pair);
      if (reason === null || reason.exact) mended.push(moved(from, to, reason, ours, signal));
    }
    for (const { fused, whole, parts } of match.fused) {
      if (fused === 'to') mended.push(joined(whole, parts, ours, signal));
      else for (const tensor of split(whole, parts, ours, signal)) mended.push(tensor);
    }
    const written = new Set(mended.map(({ name }) => name));
    const missing = compared.after.map(({ name }) => name).filter((name) => !written.has(name));
    const bytes = await writeWhole(path, writeSafetensors(mended, { format: 'pt' }));
    return { bytes, tensors: mended.length, missing };
  });
}

function moved(from: Key, to: Key, reason: ReshapeReason | null, files: TensorFiles, signal: AbortSignal): WrittenTensor {
  const { name, shape } = to;
  const { dtype } = from;
  if (reason?.kind === 'transpose') return { name, shape, dtype, pieces: () => transposed(from.tensor, reason.axes, files, signal) };
  return { name, shape, dtype, pieces: () => packedBytes(from.tensor, files, signal) };
}

function joined(whole: Key, parts: readonly Key[], files: TensorFiles, signal: AbortSignal): WrittenTensor {
  const [first] = parts;
  const pieces = async function* () {
    for (const { tensor } of parts) yield* packedBytes(tensor, files, signal);
  };
  return { name: whole.name, shape: whole.shape, dtype: first?.dtype ?? whole.dtype, pieces };
}

/** Rows of a tensor that lie behind each other, as one tensor each. */
function split(whole: Key, parts: readonly Key[], files: TensorFiles, signal: AbortSignal): readonly WrittenTensor[] {
  let before = 0;
  return parts.map(({ name, shape }) => {
    const start = before;
    const length = ((elementCount(shape) ?? 0) * bitsOf(whole.dtype)) / 8;
    before += length;
    return { name, shape, dtype: whole.dtype, pieces: () => between(packedBytes(whole.tensor, files, signal), start, start + length) };
  });
}
