import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { type Analysis, type AnalysisStep, analysisSteps } from '../analysis/assemble';
import { type Fold, foldModel } from '../analysis/fold';
import { BufferSource, type ByteSource, type SiblingOpener, UserError } from '../bytes';
import { needsGraph } from '../formats/needsGraph';
import { openArtifact } from '../formats/registry';
import { type Artifact, hasGraph, type Model } from '../model';
import type { ModelFile, ModelSource, Progress } from '../protocol';
import { digestOf } from './digest';
import { openFileSource, siblingOpener } from './fileSource';
import { watched } from './readProgress';
import { type OnProgress, WorkStore } from './sharedWork';
import { inSteps } from './steps';

/**
 * How much stays in memory: nodes and tensors of the models that were read and, once more, of each of their analyses.
 * So a comparison of many models reads each once, while of large ones few stay. The least recently used goes first.
 */
const KEPT_PARTS = 400_000;
/** What the smallest model takes beside its nodes and tensors: so 500, as many as one comparison may name, stay at the most. */
const LEAST_PARTS = 400;
/** Analyses kept per model, one per set of bindings. */
const KEPT_ANALYSES = 4;

/** A model or checkpoint that was read, with the means to read its tensors later. */
export interface StoredArtifact {
  readonly artifact: Artifact;
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

/** One that has a graph. */
export interface StoredModel extends StoredArtifact {
  readonly model: Model;
}

interface Analysed {
  readonly analysis: Analysis;
  fold: Fold | null;
}

interface Entry {
  readonly opened: StoredArtifact;
  /** Nodes and tensors, those of functions too. */
  readonly parts: number;
  readonly analyses: WorkStore<Analysed>;
}

/** Reads and analyses models, and keeps the last few. A cancelled request stops what nobody else waits for. */
export class AnalysisStore {
  private readonly entries: WorkStore<Entry>;

  constructor(kept = KEPT_PARTS) {
    this.entries = new WorkStore(kept, ({ parts, analyses }) => (LEAST_PARTS + parts) * (1 + analyses.size));
  }

  /** What the file holds, whether it has a graph or not. */
  async artifact(source: ModelSource, signal?: AbortSignal, onProgress?: OnProgress): Promise<StoredArtifact> {
    return (await this.entry(source, { signal, onProgress })).opened;
  }

  /** @throws UserError for a checkpoint, which has no graph. */
  async open(source: ModelSource, signal?: AbortSignal): Promise<StoredModel> {
    return withGraph(await this.artifact(source, signal));
  }

  async analysis(model: ModelFile, signal?: AbortSignal, onProgress?: OnProgress): Promise<Analysis> {
    return (await this.analysed(model, { signal, onProgress })).analysis;
  }

  async fold(model: ModelFile, signal?: AbortSignal, onProgress?: OnProgress): Promise<Fold> {
    const analysed = await this.analysed(model, { signal, onProgress });
    if (!analysed.fold) onProgress?.(stage('fold', analysed.analysis.profile.nodes.length));
    analysed.fold ??= foldModel(analysed.analysis);
    return analysed.fold;
  }

  /** Changes whenever the file does. @throws UserError when there is none. */
  version(source: ModelSource): Promise<string> {
    return versionOf(source);
  }

  forget(source: ModelSource): void {
    this.entries.delete(keyOf(source));
  }

  private async analysed(file: ModelFile, waiting: Waiting): Promise<Analysed> {
    const { opened, analyses } = await this.entry(file, waiting);
    const { model } = withGraph(opened);
    const { bindings, shapes, values } = file;
    const key = JSON.stringify([sorted(bindings), sorted(shapes), sorted(values)]);
    return analyses.get({ key, ...waiting }, async (stop, report) => {
      const operators = model.graph.nodes.length;
      report(stage('shapes', operators));
      const steps = analysisSteps(model, { name: opened.name, bytes: opened.bytes }, { bindings, shapes, values });
      return { analysis: await inSteps(steps, stop, (step) => report(stage(AFTER[step], operators))), fold: null };
    });
  }

  private async entry(source: ModelSource, waiting: Waiting): Promise<Entry> {
    const version = await versionOf(source);
    return this.entries.get({ key: keyOf(source), version, ...waiting }, (stop, report) => read(source, version, stop, report));
  }
}

interface Waiting {
  readonly signal: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** What an analysis is at after each step. */
const AFTER: Readonly<Record<AnalysisStep, string>> = { shapes: 'costs', costs: 'memory', memory: 'blocks', blocks: 'assemble' };

/** A step over all operators at once: nobody knows how far it is. */
function stage(name: string, operators: number): Progress {
  return { stage: name, fraction: null, amount: { unit: 'operators', done: 0, of: operators } };
}

async function read(source: ModelSource, version: string, signal: AbortSignal, report: OnProgress): Promise<Entry> {
  const name = fileName(source);
  const sibling: SiblingOpener = source.kind === 'file' ? siblingOpener(dirname(source.path), source.path) : async () => null;
  const open = async () => (source.kind === 'file' ? openFileSource(source.path) : new BufferSource(source.bytes));
  const bytes = await open();
  try {
    const artifact = await openArtifact(watched(bytes, report), { name, openSibling: sibling, signal });
    const opened = { artifact, source, name, bytes: bytes.size, version, open, sibling };
    return { opened, parts: partsOf(artifact), analyses: new WorkStore(KEPT_ANALYSES) };
  } finally {
    await bytes.close();
  }
}

function withGraph(opened: StoredArtifact): StoredModel {
  return { ...opened, model: needsGraph(opened.artifact, opened.name) };
}

function partsOf(artifact: Artifact): number {
  if (!hasGraph(artifact)) return 1 + artifact.tensors.length;
  const { graph, functions } = artifact;
  return functions.reduce((sum, { nodes }) => sum + nodes.length, 1 + graph.nodes.length + graph.initializers.length);
}

/** A model's file without its folder. */
export function fileName(source: ModelSource): string {
  return source.kind === 'file' ? basename(source.path) : source.name;
}

function keyOf(source: ModelSource): string {
  return source.kind === 'file' ? `file:${source.path}` : `bytes:${digestOf(source.bytes)}:${source.name}`;
}

async function versionOf(source: ModelSource): Promise<string> {
  if (source.kind === 'bytes') return digestOf(source.bytes);
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
