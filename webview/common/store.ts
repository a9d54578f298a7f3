import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { Kept, type Readers } from './kept';

/** Something that tells whoever subscribes when it changed. */
export class Observable {
  readonly #listeners = new Set<() => void>();

  /** Calls `listener` after every change; returns a function that stops. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  protected changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** How a view's state is kept. */
export interface KeptAs<State extends object> {
  readonly key: string;
  /** Before the person chose anything. */
  readonly first: State;
  readonly readers: Readers<State>;
}

/**
 * The one state behind a view: what the person chose, which is kept, what the host answered, and what it could not do. Components
 * read it while rendering and call its methods; it tells them when anything changed.
 */
export class ViewStore<Api, State extends object> extends Observable {
  readonly #kept: Kept<State>;
  /** What the host could not do for the person; stays until the next thing works, or until it is dismissed. */
  problem: unknown = null;
  /** A confirmation for screen readers and, in some views, for the eye; `''` for none. */
  note = '';

  constructor(
    readonly api: Api,
    { key, first, readers }: KeptAs<State>,
  ) {
    super();
    this.#kept = new Kept(key, first, readers);
  }

  /** What the person chose. */
  get state(): State {
    return this.#kept.state;
  }

  update(change: Partial<State>): void {
    this.#kept.update(change);
    this.changed();
  }

  /** Asks the host for something; `done` is the confirmation, a failure becomes the problem. */
  async act(action: (api: Api) => Promise<void>, done = ''): Promise<void> {
    try {
      await action(this.api);
      this.problem = null;
      this.note = done;
    } catch (error) {
      this.problem = error;
    }
    this.changed();
  }

  dismiss(): void {
    this.problem = null;
    this.changed();
  }
}

/** Renders its component again whenever the store that `find` gives has changed, for as long as the component is in the page. */
export class Watching implements ReactiveController {
  #stop: (() => void) | null = null;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly find: () => Observable | undefined | null,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.#watch();
  }

  hostUpdate(): void {
    this.#watch();
  }

  hostDisconnected(): void {
    this.#stop?.();
    this.#stop = null;
  }

  #watch(): void {
    this.#stop ??= this.find()?.subscribe(() => this.host.requestUpdate()) ?? null;
  }
}
