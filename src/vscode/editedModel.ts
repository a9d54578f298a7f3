import { type CallOptions, type Client, type EngineApi, isGone, type ModelFile, type Shown } from '../protocol';

/** What a page wants to see first. */
interface Wanted {
  /** Sizes of free dimensions. */
  readonly bindings: Readonly<Record<string, number>>;
  /** Groups whose levels are drawn open. */
  readonly groups: readonly string[];
}

/**
 * A model or checkpoint that an editor shows, under one handle of the engine's. Where that stands for nothing any more, because the
 * file was written or the engine was started anew, it is opened again and the question asked once more.
 */
export class EditedModel {
  private opened: Promise<Shown> | null = null;
  private bindings: Readonly<Record<string, number>> = {};
  private readonly begun = new AbortController();

  constructor(
    private readonly engine: Pick<Client<EngineApi>, 'show' | 'prepare' | 'close'>,
    private readonly file: () => Promise<ModelFile>,
    /** False where asking for the file copies it, perhaps after a question: that is done once, when the page asks. */
    private readonly isAtHand = true,
  ) {}

  /** Lets the engine read and count the file while its page is still loading. Whatever fails, the page's own request tells. */
  async begin(): Promise<void> {
    if (!this.isAtHand) return;
    try {
      await this.engine.prepare({ model: await this.file() }, { signal: this.begun.signal });
    } catch {
      // Told by the request that needs it.
    }
  }

  /** Opens the file, a model with these sizes, in place of what was open. */
  async open({ bindings, groups }: Wanted, options: CallOptions): Promise<Shown> {
    this.bindings = bindings;
    this.close();
    // What was begun with other sizes only keeps the engine busy, and what the person gives up is nobody's.
    if (Object.keys(bindings).length > 0) this.begun.abort();
    options.signal?.addEventListener('abort', () => this.begun.abort(), { once: true });
    return this.start(groups, options);
  }

  /** Answers a question about the open model; it is opened first where it is not. */
  async ask<Answer>(question: (handle: string) => Promise<Answer>): Promise<Answer> {
    const before = this.opened ?? this.start();
    try {
      return await question((await before).handle);
    } catch (error) {
      if (!isGone(error)) throw error;
      const now = this.opened === before || this.opened === null ? this.start() : this.opened;
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

  /** The page is gone: nothing is wanted any more. */
  dispose(): void {
    this.begun.abort();
    this.close();
  }

  private start(groups: readonly string[] = [], options: CallOptions = {}): Promise<Shown> {
    const opening = this.file().then((file) => this.engine.show({ model: { ...file, bindings: this.bindings }, groups }, options));
    this.opened = opening;
    opening.catch(() => {
      if (this.opened === opening) this.opened = null;
    });
    return opening;
  }
}
