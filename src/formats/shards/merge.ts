import { FormatError, LIMITS, LimitError, UserError } from '../../bytes';
import { append } from '../../data';
import { type Checkpoint, type ExternalFile, hasGraph, type Tensor, type TrustReport, type Verdict } from '../../model';
import type { FindingList } from '../findings';
import type { OpenOptions } from '../format';
import { safeRelativePath } from '../safePath';

/** What is known of a shard before it is opened. */
export interface Shard {
  readonly file: string;
  /** Tensors that an index says it holds; `null` where nothing says so. */
  readonly tensors: ReadonlySet<string> | null;
}

/** Where shards are looked for, and the one that was opened, whose bytes are at hand. */
export interface ShardFiles {
  readonly options: OpenOptions;
  /** The name of the opened file, where it is one of the shards. */
  readonly opened?: string;
  readonly openOpened?: () => Promise<Checkpoint>;
}

/**
 * The tensors of all shards as one checkpoint. A shard that is missing, damaged or another than the index says is a
 * finding.
 * @throws UserError when none can be opened
 */
export async function mergeShards(shards: readonly Shard[], files: ShardFiles, findings: FindingList): Promise<Checkpoint> {
  const parts: { readonly file: string; readonly checkpoint: Checkpoint }[] = [];
  const external: ExternalFile[] = [];
  const tensors = new Map<string, Tensor>();
  const count = new Map<string, number>();
  if (shards.length > LIMITS.externalFiles) {
    findings.error('shards', `The index names ${shards.length} files; only the first ${LIMITS.externalFiles} were looked for.`);
  }
  for (const shard of shards.slice(0, LIMITS.externalFiles)) {
    files.options.signal?.throwIfAborted();
    const found = await openShard(shard, files, findings);
    if (shard.file !== files.opened) external.push({ path: shard.file, size: found?.size ?? null });
    if (!found) continue;
    const own = shard.file === files.opened ? '' : shard.file;
    parts.push({ file: shard.file, checkpoint: found.checkpoint });
    for (const tensor of found.checkpoint.tensors) {
      const held = count.get(tensor.name) ?? 0;
      count.set(tensor.name, held + 1);
      if (held === 1) findings.error('duplicate-tensor', `Tensor "${tensor.name}" is in more than one shard; the first is shown.`);
      if (held === 0) tensors.set(tensor.name, inFile(tensor, own));
    }
    if (tensors.size > LIMITS.tensors) {
      const message = `The shards hold more than ${LIMITS.tensors} tensors, which is as many as are read here.`;
      throw new LimitError(message, { name: 'tensors', value: LIMITS.tensors });
    }
    compare(shard, found.checkpoint, findings);
  }
  const [first] = parts;
  if (!first) {
    const [missing] = findings.list();
    throw new UserError(`None of the ${shards.length} files that hold the tensors can be opened. ${missing?.message ?? ''}`.trim());
  }
  for (const { file, checkpoint } of parts)
    for (const finding of checkpoint.findings) findings.add({ ...finding, message: `${file}: ${finding.message}` });
  return {
    ...together(
      first.checkpoint,
      parts.map(({ checkpoint }) => checkpoint),
    ),
    tensors: [...tensors.values()],
    externalFiles: external,
    findings: findings.list(),
  };
}

interface Found {
  readonly checkpoint: Checkpoint;
  readonly size: number;
}

async function openShard(shard: Shard, { options, opened, openOpened }: ShardFiles, findings: FindingList): Promise<Found | null> {
  const checked = safeRelativePath(shard.file);
  if ('refusal' in checked) {
    findings.error('shard-refused', `Tensors are said to be in "${shard.file}", a path that ${checked.refusal}.`);
    return null;
  }
  try {
    if (shard.file === opened && openOpened) return { checkpoint: await openOpened(), size: 0 };
    const source = (await options.openSibling?.(checked.path)) ?? null;
    if (source === null) {
      findings.error('shard-missing', `"${checked.path}" is not beside the others; ${lostTensors(shard)}.`);
      return null;
    }
    // Without its siblings: a shard of shards would be looked for without end.
    const artifact = await options.openOther?.(source, { name: checked.path, ...(options.signal && { signal: options.signal }) });
    if (artifact && !hasGraph(artifact)) return { checkpoint: artifact, size: source.size };
    findings.error('shard-damaged', `"${checked.path}" is a model with a graph and no shard of a checkpoint.`);
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof LimitError || error instanceof UserError)) throw error;
    findings.error('shard-damaged', `"${checked.path}" cannot be read. ${error.message}`);
  }
  return null;
}

function lostTensors({ tensors }: Shard): string {
  if (tensors === null) return 'its tensors are not shown';
  const [first] = tensors;
  return `its ${tensors.size} tensors, such as "${first}", are not shown`;
}

/** What an index says against what the shard holds. Formats with names of their own are not compared. */
function compare({ file, tensors }: Shard, checkpoint: Checkpoint, findings: FindingList): void {
  if (tensors === null || checkpoint.format === 'hdf5') return;
  const held = new Set(checkpoint.tensors.map(({ name }) => name));
  for (const name of tensors) {
    if (!held.has(name)) findings.error('shard-tensor', `Tensor "${name}" is not in "${file}", where the index says it is.`);
  }
  for (const name of held) {
    if (!tensors.has(name)) findings.warn('shard-unlisted', `Tensor "${name}" of "${file}" is not in the index; loaders may leave it out.`);
  }
}

/** A tensor of another file as it is seen from the one that was opened; `file` is the other's path. */
export function inFile(tensor: Tensor, file: string): Tensor {
  const { storage, tied, quantization } = tensor;
  if (file === '') return tensor;
  return {
    ...tensor,
    ...('file' in storage && storage.file === '' && { storage: { ...storage, file } }),
    ...(tied !== undefined && { tied: `${file}:${tied}` }),
    ...(quantization?.per === 'channel' && {
      quantization: { ...quantization, scales: inFile(quantization.scales, file), zeroPoints: inFile(quantization.zeroPoints, file) },
    }),
  };
}

/** What the shards say beside their tensors. */
function together(first: Checkpoint, all: readonly Checkpoint[]): Checkpoint {
  const metadata = new Map<string, string>();
  for (const part of all) for (const [key, value] of Object.entries(part.metadata)) if (!metadata.has(key)) metadata.set(key, value);
  const reports = all.flatMap(({ trust }) => trust ?? []);
  const [modules, code] = [all.flatMap((part) => part.modules ?? []), all.flatMap((part) => part.code ?? [])];
  return {
    ...first,
    metadata: Object.fromEntries(metadata),
    ...(reports.length > 0 && { trust: worst(reports) }),
    ...(modules.length > 0 && { modules }),
    ...(code.length > 0 && { code }),
  };
}

const ORDER: readonly Verdict[] = ['unsafe', 'unknown', 'safe'];

/** Several reports as one: whoever loads the checkpoint loads all of its shards. */
function worst(reports: readonly TrustReport[]): TrustReport {
  const imports = new Map<string, TrustReport['imports'][number]>();
  for (const report of reports) for (const entry of report.imports) if (!imports.has(entry.name)) imports.set(entry.name, entry);
  const loaders = reports.flatMap(({ weightsOnly }) => weightsOnly ?? []);
  const reasons: string[] = [];
  for (const report of reports) append(reasons, report.reasons);
  return {
    verdict: ORDER.find((verdict) => reports.some((report) => report.verdict === verdict)) ?? 'unknown',
    weightsOnly:
      loaders.length === 0
        ? null
        : {
            loads: loaders.every(({ loads }) => loads),
            safeGlobals: [...new Set(loaders.flatMap(({ safeGlobals }) => safeGlobals))],
            reason: loaders.find(({ loads }) => !loads)?.reason ?? '',
          },
    imports: [...imports.values()].sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict)),
    reasons: [...new Set(reasons)],
  };
}
