import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { FormatError, LIMITS, LimitError, UserError } from '../bytes';
import { explainKeys } from '../checkpoint/keys/explain';
import { type Key, type KeyMatch, type KeyPair, sameShape } from '../checkpoint/keys/key';
import { matchKeys, reshapedPairs } from '../checkpoint/keys/match';
import { type TensorFiles, tensorDistance } from '../formats/tensorValues';
import { storedBytes } from '../model';
import type { CallContext, ChangedTensor, CheckpointDiff, LoneTensor } from '../protocol';
import { comparedKeys, type DiffSide, isStored, withFiles } from './diffSides';
import { packedBytes, transposed } from './movedBytes';

/** Between two words of progress, in milliseconds. */
const WORD = 100;

/** What differs between two sides: by names and shapes, and where asked for by values, each read once or twice. */
export async function checkpointDiff(before: DiffSide, after: DiffSide, keysOnly: boolean, context: CallContext): Promise<CheckpointDiff> {
  const compared = comparedKeys(before, after);
  const byKeys = matchKeys(compared.before, compared.after);
  const named = { before: sideOf(before), after: sideOf(after), leftOut: compared.leftOut };
  if (keysOnly) return report(byKeys, named, null);
  return withFiles(before, after, async (ours, theirs) => {
    const match = await withContent(byKeys, ours, theirs, context);
    return report(match, named, await compareValues(match.pairs, ours, theirs, context));
  });
}

function sideOf({ name, format }: DiffSide) {
  return { name, format };
}

interface Values {
  readonly changed: readonly ChangedTensor[];
  readonly unchanged: number;
  readonly unread: readonly { readonly name: string; readonly reason: string }[];
}

function report(match: KeyMatch, sides: Pick<CheckpointDiff, 'before' | 'after' | 'leftOut'>, values: Values | null): CheckpointDiff {
  const { pairs, removed, added, fused } = match;
  const renames = pairs.flatMap(({ from, to, by }) => (from.name === to.name ? [] : [{ from: from.name, to: to.name, by }]));
  const { reasons, snippet } = explainKeys(match);
  const wholes = { from: fused.filter((one) => one.fused === 'from'), to: fused.filter((one) => one.fused === 'to') };
  // Loading knows no renames: what has another name is missing on one side and unexpected on the other.
  const missing = [
    ...added.map(({ name }) => name),
    ...renames.map(({ to }) => to),
    ...wholes.from.flatMap(({ parts }) => parts.map(({ name }) => name)),
    ...wholes.to.map(({ whole }) => whole.name),
  ];
  const unexpected = [
    ...removed.map(({ name }) => name),
    ...renames.map(({ from }) => from),
    ...wholes.from.map(({ whole }) => whole.name),
    ...wholes.to.flatMap(({ parts }) => parts.map(({ name }) => name)),
  ];
  const reshaped = reshapedPairs(match);
  return {
    schema: 1,
    before: sides.before,
    after: sides.after,
    keysOnly: values === null,
    added: added.map(lone),
    removed: removed.map(lone),
    reshaped: reshaped.map(({ from, to }) => ({ name: from.name, ...otherName(from, to), from: from.shape, shape: to.shape })),
    cast: pairs.flatMap(({ from, to }) => (from.dtype === to.dtype ? [] : [{ name: from.name, from: from.dtype, to: to.dtype }])),
    changed: values?.changed ?? [],
    renames,
    unchanged: values?.unchanged ?? null,
    unread: values?.unread ?? [],
    leftOut: sides.leftOut,
    keys: {
      missing,
      unexpected,
      reshaped: reshaped
        .filter(({ from, to }) => from.name === to.name)
        .map(({ from, to }) => ({ name: to.name, checkpoint: from.shape, model: to.shape })),
    },
    reasons,
    snippet,
  };
}

function otherName(from: Key, to: Key): { readonly to?: string } {
  return from.name === to.name ? {} : { to: to.name };
}

function lone({ name, dtype, shape }: Key): LoneTensor {
  return { name, dtype, shape };
}

/** Pairs what names did not: tensors of one type and shape with the very same values. Only shapes left on both sides are read. */
export async function withContent(match: KeyMatch, ours: TensorFiles, theirs: TensorFiles, { signal }: CallContext): Promise<KeyMatch> {
  const kind = ({ dtype, shape }: Key) => `${dtype} ${shape.join()}`;
  const [left, right] = [new Set(match.removed.map(kind)), new Set(match.added.map(kind))];
  const wanted = (key: Key) => left.has(kind(key)) && right.has(kind(key)) && key.shape.length > 0 && isStored(key.tensor);
  const known = new Map<string, Key[]>();
  for (const key of match.added.filter(wanted)) {
    const hash = await contentOf(key, theirs, signal);
    if (hash === null) continue;
    const list = known.get(hash);
    if (list) list.push(key);
    else known.set(hash, [key]);
  }
  const pairs: KeyPair[] = [];
  const taken = new Set<Key>();
  for (const key of match.removed.filter(wanted)) {
    const hash = await contentOf(key, ours, signal);
    const partner = hash === null ? undefined : known.get(hash)?.shift();
    if (!partner) continue;
    pairs.push({ from: key, to: partner, by: 'content' });
    taken.add(key).add(partner);
  }
  for (const [from, to] of await turned(match, taken, { ours, theirs }, signal)) {
    pairs.push({ from, to, by: 'content', turned: true });
    taken.add(from).add(to);
  }
  if (pairs.length === 0) return match;
  return {
    ...match,
    pairs: [...match.pairs, ...pairs],
    removed: match.removed.filter((key) => !taken.has(key)),
    added: match.added.filter((key) => !taken.has(key)),
  };
}

interface Files {
  readonly ours: TensorFiles;
  readonly theirs: TensorFiles;
}

/** Matrices that are the other side's, turned: exporters write the weights of a linear layer as the right side of a product. */
async function turned(match: KeyMatch, taken: ReadonlySet<Key>, { ours, theirs }: Files, signal: AbortSignal) {
  const isOpen = (key: Key) =>
    !taken.has(key) && key.shape.length === 2 && isStored(key.tensor) && storedBytes(key.tensor) <= LIMITS.viewBytes;
  const shapes = new Set(match.added.filter(isOpen).map(({ shape }) => shape.join()));
  const candidates = match.removed.filter((key) => isOpen(key) && shapes.has(key.shape.toReversed().join()));
  const wanted = new Set(candidates.map(({ shape }) => shape.toReversed().join()));
  const known = new Map<string, Key>();
  for (const key of match.added) {
    if (!isOpen(key) || !wanted.has(key.shape.join())) continue;
    const hash = await contentOf(key, theirs, signal);
    if (hash !== null) known.set(hash, key);
  }
  const found: (readonly [Key, Key])[] = [];
  for (const key of candidates) {
    const hash = await hashOf(`${key.dtype} ${key.shape.toReversed().join()} `, transposed(key.tensor, [1, 0], ours, signal));
    const partner = hash === null ? undefined : known.get(hash);
    if (!partner || hash === null) continue;
    known.delete(hash);
    found.push([key, partner]);
  }
  return found;
}

/** A tensor's type, shape and values as one text; `null` where they cannot be read, or are all alike and so say nothing. */
function contentOf({ tensor }: Key, files: TensorFiles, signal: AbortSignal): Promise<string | null> {
  return hashOf(`${tensor.dtype} ${tensor.shape.join()} `, packedBytes(tensor, files, signal));
}

async function hashOf(what: string, pieces: AsyncIterable<Uint8Array>): Promise<string | null> {
  const hash = createHash('sha1').update(what);
  let various = false;
  try {
    for await (const bytes of pieces) {
      hash.update(bytes);
      various ||= bytes.some((byte, index) => byte !== bytes[index % 8]);
    }
  } catch (error) {
    if (isOfFile(error)) return null;
    throw error;
  }
  return various ? hash.digest('base64') : null;
}

async function compareValues(
  pairs: readonly KeyPair[],
  ours: TensorFiles,
  theirs: TensorFiles,
  { signal, progress }: CallContext,
): Promise<Values> {
  const compared = pairs.filter(({ from, to, turned: isTurned }) => sameShape(from, to) && !isTurned);
  const total = compared.reduce((sum, { from }) => sum + storedBytes(from.tensor), 0);
  const changed: ChangedTensor[] = [];
  const unread: { readonly name: string; readonly reason: string }[] = [];
  // What was found by its values, turned, has them all.
  let unchanged = pairs.filter(({ turned: isTurned }) => isTurned).length;
  let done = 0;
  let said = 0;
  for (const { from, to } of compared) {
    signal.throwIfAborted();
    try {
      const distance = await tensorDistance({ tensor: from.tensor, files: ours }, { tensor: to.tensor, files: theirs }, signal);
      if (distance.equal) unchanged += 1;
      else {
        const { relativeL2, cosine, maxAbs, notFinite } = distance;
        changed.push({
          name: from.name,
          ...otherName(from, to),
          relativeL2: finite(relativeL2),
          cosine: finite(cosine),
          maxAbs,
          notFinite,
        });
      }
    } catch (error) {
      if (!isOfFile(error)) throw error;
      unread.push({ name: from.name, reason: error.message });
    }
    done += storedBytes(from.tensor);
    const now = performance.now();
    if (now - said < WORD) continue;
    said = now;
    progress({ stage: 'diff', fraction: total > 0 ? done / total : null, amount: { unit: 'bytes', done, of: total } });
    await setImmediate();
  }
  // What has no measure is farthest of all.
  const far = ({ relativeL2 }: ChangedTensor) => relativeL2 ?? Number.POSITIVE_INFINITY;
  return { changed: changed.sort((a, b) => (far(a) === far(b) ? b.maxAbs - a.maxAbs : far(b) - far(a))), unchanged, unread };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function isOfFile(error: unknown): error is Error {
  return error instanceof UserError || error instanceof FormatError || error instanceof LimitError;
}
