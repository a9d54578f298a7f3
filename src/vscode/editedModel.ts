import { needsModel } from '../engine/needsModel';
import { type CallOptions, type Client, type EngineApi, isGone, type ModelFile, type OpenedModel, type Profile } from '../protocol';

/**
 * A model that an editor shows, under one handle of the engine's. Where that stands for nothing any more, because the
 * file was written or the engine was started anew, the model is opened again and the question asked once more.
 */
export class EditedModel {
  private opened: Promise<OpenedModel> | null = null;
  private bindings: Readonly<Record<string, number>> = {};

  constructor(
    private readonly engine: Pick<Client<EngineApi>, 'open' | 'close'>,
    private readonly file: () => Promise<ModelFile>,
  ) {}

  /** Opens the model with these sizes, in place of what was open. */
  async open(bindings: Readonly<Record<string, number>>, options: CallOptions): Promise<Profile> {
    this.bindings = bindings;
    this.close();
    return (await this.start(options)).profile;
  }

  /** Answers a question about the open model; it is opened first where it is not. */
  async ask<Answer>(question: (handle: string) => Promise<Answer>): Promise<Answer> {
    const before = this.opened ?? this.start({});
    try {
      return await question((await before).handle);
    } catch (error) {
      if (!isGone(error)) throw error;
      const now = this.opened === before || this.opened === null ? this.start({}) : this.opened;
      return question((await now).handle);
    }
  }

  /** Gives the handle back. */
  close(): void {
    const { opened } = this;
    this.opened = null;
    // What failed to open or went with its engine needs no closing.
    opened?.then(({ handle }) => this.engine.close({ handle })).catch(() => {});
  }

  private start(options: CallOptions): Promise<OpenedModel> {
    const opening = this.file()
      .then((file) => this.engine.open({ model: { ...file, bindings: this.bindings } }, options))
      .then(needsModel);
    this.opened = opening;
    opening.catch(() => {
      if (this.opened === opening) this.opened = null;
    });
    return opening;
  }
}
