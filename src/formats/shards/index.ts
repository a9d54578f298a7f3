import { type ByteSource, UserError } from '../../bytes';
import { type Artifact, type Checkpoint, hasGraph } from '../../model';
import { FindingList } from '../findings';
import type { OpenOptions } from '../format';
import { mergeShards, type Shard } from './merge';
import { namedShards, type ShardName, shardName } from './names';
import { readJson, weightMapOf } from './weightMap';

/**
 * The whole checkpoint of which the file is a shard by its name: by the index beside it, or by the names of the others.
 * `null` for a file that is no shard, or that stands alone.
 * @throws what opening the file itself throws
 */
export async function openWhole(source: ByteSource, options: OpenOptions): Promise<Artifact | null> {
  const { openSibling, openOther } = options;
  const file = options.name.replace(/^.*[\\/]/, '');
  const name = shardName(file);
  if (!name || !openSibling || !openOther) return null;
  const { openSibling: _, ...alone } = options;
  const own = openOther(source, alone);
  // Awaited below, whoever is first.
  own.catch(() => undefined);
  const findings = new FindingList();
  const index = await indexBeside(name, openSibling, findings);
  const shards = index?.shards.some((shard) => shard.file === file) ? index.shards : namedShards(name);
  if (index === null && !(await anyBeside(shards, file, openSibling))) return withoutOthers(await own, file, name);
  const merged = await mergeShards(shards, { options, opened: file, openOpened: async () => withoutGraph(await own, file) }, findings);
  return { ...merged, metadata: { ...merged.metadata, ...Object.fromEntries(index?.metadata ?? []) } };
}

function withoutOthers(artifact: Artifact, file: string, { count }: ShardName): Artifact {
  const message = `${file} is one of ${count} shards, and no other is beside it.`;
  return count > 1 ? { ...artifact, findings: [...artifact.findings, { code: 'shard-alone', message }] } : artifact;
}

function withoutGraph(artifact: Artifact, file: string): Checkpoint {
  if (hasGraph(artifact)) throw new UserError(`${file} is a model with a graph and no shard of a checkpoint.`);
  return artifact;
}

async function indexBeside({ stem, extension }: ShardName, openSibling: NonNullable<OpenOptions['openSibling']>, findings: FindingList) {
  const name = `${stem}${extension}.index.json`;
  try {
    const source = await openSibling(name);
    return source === null ? null : weightMapOf(await readJson(source));
  } catch (error) {
    findings.error('shard-index', `The index "${name}" cannot be read. ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

/** Whether another shard is there: a single one out of its folder is no reason to name all that are missing. */
async function anyBeside(shards: readonly Shard[], file: string, openSibling: NonNullable<OpenOptions['openSibling']>): Promise<boolean> {
  for (const shard of shards.slice(0, 100)) {
    if (shard.file !== file && (await openSibling(shard.file).catch(() => null)) !== null) return true;
  }
  return false;
}
