import { CANCELLED, type Progress, RemoteError } from '../../src/protocol';

/** A result that is fetched when it is first needed. */
export type Fetched<Value> =
  | { readonly status: 'loading'; readonly progress: Progress | null }
  | { readonly status: 'error'; readonly error: unknown }
  | { readonly status: 'ready'; readonly value: Value };

/** Nothing has come yet. */
export const LOADING: Fetched<never> = { status: 'loading', progress: null };

/** What a promise came to; it never rejects. */
export function settled<Value>(promise: Promise<Value>): Promise<Fetched<Value>> {
  return promise.then(
    (value): Fetched<Value> => ({ status: 'ready', value }),
    (error: unknown): Fetched<Value> => ({ status: 'error', error }),
  );
}

/** True for what a cancelled request ends with. */
export function isCancelled(error: unknown): boolean {
  return error instanceof RemoteError && error.kind === CANCELLED;
}

/** One piece of work at a time: what begins ends the one before, and an end that comes late is nobody's. */
export class Latest {
  #controller: AbortController | null = null;

  /** True while work is under way. */
  get busy(): boolean {
    return this.#controller !== null;
  }

  /** Begins anew. */
  begin(): Turn {
    this.#controller?.abort();
    const controller = new AbortController();
    this.#controller = controller;
    return {
      signal: controller.signal,
      isCurrent: () => this.#controller === controller,
      end: () => {
        if (this.#controller === controller) this.#controller = null;
      },
    };
  }

  /** Asks the work to stop; its end is still awaited. */
  cancel(): void {
    this.#controller?.abort();
  }

  /** Stops the work and forgets it: whatever it ends with is not current. */
  drop(): void {
    this.#controller?.abort();
    this.#controller = null;
  }
}

/** One piece of `Latest` work. */
export interface Turn {
  readonly signal: AbortSignal;
  /** False once other work has begun or this one has ended. */
  isCurrent(): boolean;
  /** Ends it, unless other work has begun. */
  end(): void;
}
