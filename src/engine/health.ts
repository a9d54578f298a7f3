import { setImmediate } from 'node:timers/promises';
import { FormatError, LimitError, UserError } from '../bytes';
import { type Duplicate, judgeHealth, type TensorLook } from '../checkpoint/health';
import type { CheckpointTensor } from '../checkpoint/tree';
import { momentsOf, packedChunks, type TensorFiles } from '../formats/tensorValues';
import type { Tensor } from '../model';
import type { CallContext, HealthReport } from '../protocol';
import type { KnownCheckpoint } from './checkpoints';

/** Findings that a report lists; the rest are counted by their codes. */
const MOST_FINDINGS = 5000;
/** Between two words of progress, in milliseconds. */
const WORD = 100;

/** Looks at every tensor's values once, and says what is wrong with them. */
export async function checkpointHealth(known: KnownCheckpoint, { signal, progress }: CallContext): Promise<HealthReport> {
  const { opened, structure } = known;
  const bytes = await opened.open();
  const files: TensorFiles = { model: bytes, sibling: opened.sibling };
  const unread = new Map<string, string>();
  const looks: (TensorLook | null)[] = [];
  const total = structure.tensors.reduce((sum, { bytes: size }) => sum + size, 0);
  let done = 0;
  let said = 0;
  try {
    for (const { tensor, bytes: size } of structure.tensors) {
      signal.throwIfAborted();
      looks.push(await look(tensor, files, unread, signal));
      done += size;
      const now = performance.now();
      if (now - said < WORD) continue;
      said = now;
      progress({ stage: 'health', fraction: total > 0 ? done / total : null, amount: { unit: 'bytes', done, of: total } });
      await setImmediate();
    }
    const duplicates = await duplicatesAmong(structure.tensors, looks, files, signal);
    const findings = judgeHealth(structure, looks, { duplicates, unread });
    const counts = new Map<string, number>();
    for (const { code } of findings) counts.set(code, (counts.get(code) ?? 0) + 1);
    return {
      schema: 1,
      model: { name: opened.name, format: known.checkpoint.format },
      tensors: looks.length,
      bytes: done,
      counts: Object.fromEntries(counts),
      findings: findings.slice(0, MOST_FINDINGS),
      moreFindings: Math.max(0, findings.length - MOST_FINDINGS),
    };
  } finally {
    await bytes.close();
  }
}

async function look(tensor: Tensor, files: TensorFiles, unread: Map<string, string>, signal: AbortSignal): Promise<TensorLook | null> {
  if (tensor.dtype === 'string' || tensor.dtype === 'undefined') return null;
  try {
    return await momentsOf(tensor, files, signal);
  } catch (error) {
    if (!(error instanceof UserError || error instanceof FormatError || error instanceof LimitError)) throw error;
    unread.set(tensor.name, error.message);
    return null;
  }
}

/** Tensors of one type and shape whose every figure is equal, compared byte by byte with the first of them. */
async function duplicatesAmong(
  tensors: readonly CheckpointTensor[],
  looks: readonly (TensorLook | null)[],
  files: TensorFiles,
  signal: AbortSignal,
): Promise<readonly Duplicate[]> {
  const firsts = new Map<string, Tensor>();
  const found: Duplicate[] = [];
  for (const { tensor, place, tied, section } of tensors) {
    const seen = looks[place];
    // A constant says nothing, an averaged copy is meant to be alike, and what is tied is stored once.
    if (!seen || tied !== '' || seen.count < 2 || !(seen.maximum > seen.minimum)) continue;
    const key = [section, tensor.dtype, tensor.shape.join(), seen.mean, seen.norm, seen.minimum, seen.maximum, seen.zeros].join(' ');
    const first = firsts.get(key);
    if (!first) firsts.set(key, tensor);
    else if (await equalBytes(first, tensor, files, signal)) {
      found.push({ tensor: tensor.name, of: first.name, isMatrix: tensor.shape.length > 1 });
    }
  }
  return found;
}

async function equalBytes(a: Tensor, b: Tensor, files: TensorFiles, signal: AbortSignal): Promise<boolean> {
  const others = packedChunks(b, files, signal);
  try {
    for await (const { bytes } of packedChunks(a, files, signal)) {
      const other = await others.next();
      if (other.done || Buffer.compare(bytes, other.value.bytes) !== 0) return false;
    }
    return true;
  } finally {
    await others.return(undefined);
  }
}
