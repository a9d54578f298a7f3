import type { ByteSource } from '../../bytes';
import type { Checkpoint } from '../../model';
import type { FindingList } from '../findings';
import type { Imports, PyValue } from '../pickle';
import { type Nested, readNested } from './nested';
import type { Places } from './storages';
import { TensorReader } from './tensors';
import { type Judged, trustReport } from './trust';
import { type Contents, type Roles, walk } from './walk';
import type { WeightsOnly } from './weightsOnly';

/** A file's object as its pickle says it, with where its bytes are. */
export interface Loaded {
  readonly format: string;
  readonly formatVersion: string;
  /** `undefined` where the pickle broke off. */
  readonly value: PyValue | undefined;
  readonly places: Places;
  /** What the pickle's bytes are read from, and what it is called. */
  readonly source: ByteSource;
  readonly place: string;
  readonly imports: Imports;
  /** Why the pickle broke off; `''` where it did not. */
  readonly broken: string;
  readonly watcher: WeightsOnly | null;
  readonly findings: FindingList;
  /** Why it cannot be called safe, besides what it imports. */
  readonly reasons: readonly string[];
  readonly roles?: Roles;
  /** Modules that the file itself defines. */
  readonly known?: (module: string) => boolean;
}

/** Lists an object's tensors and judges its imports. */
export async function checkpointOf(loaded: Loaded, signal?: AbortSignal): Promise<Checkpoint> {
  const { value, findings, broken, place, imports, watcher } = loaded;
  const nested = await readNested(loaded.imports, loaded.source, loaded.places, place, signal);
  if (broken !== '') findings.error('pickle', `${place}: ${broken}`);
  const contents: Contents | null =
    value === undefined ? null : walk(value, new TensorReader(withNested(loaded.places, nested)), loaded.roles);
  for (const finding of contents?.findings ?? []) findings.add(finding);
  const own = { place, imports, broken, ...(loaded.known ? { known: loaded.known } : {}) };
  const parts: readonly Judged[] = [own, ...nested.parts];
  return {
    format: loaded.format,
    formatVersion: loaded.formatVersion,
    metadata: contents?.metadata ?? {},
    tensors: contents?.tensors ?? [],
    externalFiles: [],
    findings: findings.list(),
    trust: trustReport(parts, watcher, loaded.reasons, nested.verdict),
    ...(contents && contents.modules.length > 0 ? { modules: contents.modules } : {}),
  };
}

function withNested(places: Places, nested: Nested): Places {
  return nested.storages.size === 0 ? places : { ...places, nested: (bytes) => nested.storages.get(bytes) ?? null };
}
