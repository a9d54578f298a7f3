import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { type Analysis, analyse } from '../analysis/assemble';
import { type Fold, foldModel } from '../analysis/fold';
import { BufferSource, type ByteSource, type SiblingOpener, UserError } from '../bytes';
import { openModel } from '../formats/registry';
import type { Model } from '../model';
import type { ModelSource } from '../protocol';
import { openFileSource, siblingOpener } from './fileSource';

/** Models whose graphs stay in memory; the least recently used one goes first. */
const KEPT_MODELS = 8;
/** Analyses kept per model, one per set of bindings. */
const KEPT_ANALYSES = 4;

export interface Bound {
  readonly bindings?: Readonly<Record<string, number>> | undefined;
  readonly shapes?: Readonly<Record<string, readonly number[]>> | undefined;
}

/** A model that was read, with the means to read its tensors later. */
export interface OpenModel {
  readonly model: Model;
  readonly source: ModelSource;
  /** File name without its folder. */
  readonly name: string;
  readonly bytes: number;
  /** Changes when the file does. */
  readonly version: string;
  /** Opens the model's bytes for reading; close it after use. */
  open(): Promise<ByteSource & { close(): Promise<void> }>;
  readonly sibling: SiblingOpener;
}

interface Entry {
  readonly opened: OpenModel;
  readonly analyses: Map<string, { readonly analysis: Analysis; fold: Fold | null }>;
}

/** Reads and analyses models, and keeps the last few. */
export class AnalysisStore {
  private readonly entries = new Map<string, Promise<Entry>>();

  async open(source: ModelSource): Promise<OpenModel> {
    return (await this.entry(source)).opened;
  }

  async analysis(source: ModelSource, bound: Bound): Promise<Analysis> {
    return this.analysed(await this.entry(source), bound).analysis;
  }

  async fold(source: ModelSource, bound: Bound): Promise<Fold> {
    const analysed = this.analysed(await this.entry(source), bound);
    analysed.fold ??= foldModel(analysed.analysis);
    return analysed.fold;
  }

  forget(source: ModelSource): void {
    this.entries.delete(keyOf(source));
  }

  private analysed(entry: Entry, bound: Bound) {
    const key = JSON.stringify([sorted(bound.bindings), sorted(bound.shapes)]);
    const found = entry.analyses.get(key);
    if (found) return found;
    const { model, name, bytes } = entry.opened;
    const made = { analysis: analyse(model, { name, bytes }, bound), fold: null };
    entry.analyses.set(key, made);
    dropOldest(entry.analyses, KEPT_ANALYSES);
    return made;
  }

  private async entry(source: ModelSource): Promise<Entry> {
    const key = keyOf(source);
    const version = await versionOf(source);
    const found = await this.entries.get(key)?.catch(() => null);
    if (found?.opened.version === version) {
      const promise = Promise.resolve(found);
      this.entries.delete(key);
      this.entries.set(key, promise);
      return promise;
    }
    const reading = read(source, version);
    this.entries.set(key, reading);
    dropOldest(this.entries, KEPT_MODELS);
    // A file that could not be read is tried again next time.
    reading.catch(() => this.entries.delete(key));
    return reading;
  }
}

async function read(source: ModelSource, version: string): Promise<Entry> {
  const name = source.kind === 'file' ? basename(source.path) : source.name;
  const sibling: SiblingOpener = source.kind === 'file' ? siblingOpener(dirname(source.path), source.path) : async () => null;
  const open = async () => (source.kind === 'file' ? openFileSource(source.path) : new BufferSource(source.bytes));
  const bytes = await open();
  try {
    const model = await openModel(bytes, { name, openSibling: sibling });
    return { opened: { model, source, name, bytes: bytes.size, version, open, sibling }, analyses: new Map() };
  } finally {
    await bytes.close();
  }
}

function keyOf(source: ModelSource): string {
  return source.kind === 'file' ? `file:${source.path}` : `bytes:${source.name}`;
}

async function versionOf(source: ModelSource): Promise<string> {
  if (source.kind === 'bytes') return `${source.bytes.byteLength}`;
  try {
    const info = await stat(source.path);
    if (!info.isFile()) throw new UserError(`${source.path} is not a file. Choose a model file.`);
    return `${info.size}:${info.mtimeMs}`;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${source.path} cannot be read (${(error as NodeJS.ErrnoException).code ?? error}). Check the path.`);
  }
}

function sorted(record: Readonly<Record<string, unknown>> | undefined): unknown {
  return Object.entries(record ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}

function dropOldest(map: Map<string, unknown>, limit: number): void {
  for (const key of map.keys()) {
    if (map.size <= limit) return;
    map.delete(key);
  }
}
