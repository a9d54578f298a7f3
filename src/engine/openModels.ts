import { randomUUID } from 'node:crypto';
import { hasGraph } from '../model';
import type { ModelFile, Opened } from '../protocol';
import { type AnalysisStore, fileName } from './analysisStore';
import { type Checkpoints, summaryOf } from './checkpoints';
import { GoneError } from './errors';
import type { OnProgress } from './sharedWork';

/** Handles kept; each holds a path, or the bytes it was given. Editors open what went out of it anew. */
const KEPT_HANDLES = 256;

/** The models and checkpoints that somebody looks at: what each handle stands for, not the models themselves, which `AnalysisStore` keeps. */
export class OpenModels {
  private readonly handles = new Map<string, { readonly model: ModelFile; readonly version: string }>();

  constructor(
    private readonly store: Pick<AnalysisStore, 'artifact' | 'analysis' | 'version'>,
    private readonly checkpoints: Pick<Checkpoints, 'of'>,
    private readonly kept = KEPT_HANDLES,
  ) {}

  /** @throws FormatError, LimitError or UserError when the file or the sizes are wrong. */
  async open(model: ModelFile, signal?: AbortSignal, onProgress?: OnProgress): Promise<Opened> {
    const opened = await this.store.artifact(model, signal, onProgress);
    const { artifact, version } = opened;
    const found = hasGraph(artifact)
      ? ({ kind: 'model', profile: (await this.store.analysis(model, signal, onProgress)).profile } as const)
      : ({ kind: 'checkpoint', checkpoint: summaryOf(this.checkpoints.of(opened)) } as const);
    const handle = randomUUID();
    this.handles.set(handle, { model, version });
    for (const oldest of this.handles.keys()) if (this.handles.size > this.kept) this.handles.delete(oldest);
    return { handle, ...found };
  }

  /** What a handle stands for. @throws GoneError when that is not there any more, or is another file by now. */
  async get(handle: string): Promise<ModelFile> {
    const found = this.handles.get(handle);
    if (!found) throw new GoneError('This model is no longer open. Open it again.');
    this.handles.delete(handle);
    this.handles.set(handle, found);
    if ((await this.store.version(found.model)) === found.version) return found.model;
    this.handles.delete(handle);
    throw new GoneError(`${fileName(found.model)} has changed since it was opened. Open it again.`);
  }

  close(handle: string): void {
    this.handles.delete(handle);
  }
}
