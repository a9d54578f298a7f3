/**
 * Typed requests over any channel that carries structured clones: the webview's
 * postMessage, the engine's IPC. Every request ends in exactly one `ok` or
 * `err`, may be cancelled, and may report progress in between.
 */
export interface Channel {
  send(message: unknown): void;
  /** Returns a function that stops listening. */
  listen(handler: (message: unknown) => void): () => void;
}

/** How an error travels. `kind` is the class name for the errors a person may see, else `Error`. */
export interface RemoteErrorData {
  readonly kind: string;
  readonly message: string;
  readonly stack?: string;
}

type Message =
  | { readonly rpc: 'call'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly rpc: 'cancel'; readonly id: number }
  | { readonly rpc: 'progress'; readonly id: number; readonly progress: Progress }
  | { readonly rpc: 'ok'; readonly id: number; readonly value: unknown }
  | { readonly rpc: 'err'; readonly id: number; readonly error: RemoteErrorData };

/** How far a request is. */
export interface Progress {
  /** What is being done, in a few words. */
  readonly stage: string;
  /** 0 to 1, or null when it cannot be known. */
  readonly fraction: number | null;
  /** What the work is on, and how much of it is done. */
  readonly amount?: { readonly unit: 'bytes' | 'operators'; readonly done: number; readonly of: number };
}

/** What a caller may add to a request. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** What a handler is given beside the parameters: whether it is still wanted, and whom to tell how far it is. */
export interface CallContext {
  readonly signal: AbortSignal;
  progress(progress: Progress): void;
}

/** What every API is: an object of async methods with one parameter. */
// biome-ignore lint/suspicious/noExplicitAny: that constraint has no other spelling
export type Methods<Api> = { [Name in keyof Api]: (params: any) => Promise<any> };

/** What a server implements for `Api`: the same methods with a context. */
export type Handlers<Api extends Methods<Api>> = {
  [Name in keyof Api]: (params: Parameters<Api[Name]>[0], context: CallContext) => Promise<Awaited<ReturnType<Api[Name]>>>;
};

/** What a caller sees of `Api`: the same methods with options. */
export type Client<Api extends Methods<Api>> = {
  [Name in keyof Api]: (params: Parameters<Api[Name]>[0], options?: CallOptions) => ReturnType<Api[Name]>;
};

/** An error that came over the channel; `kind` tells FormatError, LimitError, UserError and cancellation from bugs. */
export class RemoteError extends Error {
  override readonly name = 'RemoteError';
  readonly kind: string;
  readonly remoteStack: string | undefined;
  constructor(data: RemoteErrorData) {
    super(data.message);
    this.kind = data.kind;
    this.remoteStack = data.stack;
  }
}

/** Kind of the error that ends a cancelled request. */
export const CANCELLED = 'AbortError';

/** Kind of the error for a handle that stands for nothing any more. */
export const GONE = 'GoneError';

/** Kinds whose message is meant for a person as it stands. */
export function isForPeople(error: unknown): boolean {
  const kind = error instanceof RemoteError ? error.kind : error instanceof Error ? error.name : '';
  return kind === 'FormatError' || kind === 'LimitError' || kind === 'UserError' || kind === GONE;
}

/** True for the answer to a handle that stands for nothing any more: what it stood for has to be opened anew. */
export function isGone(error: unknown): boolean {
  return error instanceof RemoteError ? error.kind === GONE : error instanceof Error && error.name === GONE;
}

/** An error as it travels; one that came over another channel keeps its kind. */
export function errorData(error: unknown): RemoteErrorData {
  if (error instanceof RemoteError)
    return { kind: error.kind, message: error.message, ...(error.remoteStack ? { stack: error.remoteStack } : {}) };
  if (error instanceof Error) return { kind: error.name, message: error.message, ...(error.stack ? { stack: error.stack } : {}) };
  return { kind: 'Error', message: String(error) };
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: unknown): void;
  onProgress: ((progress: Progress) => void) | undefined;
}

/** A caller's end of a channel. */
export interface ClientHandle<Api extends Methods<Api>> {
  readonly api: Client<Api>;
  /** Rejects every open request (the other side is gone) and stops listening. */
  close(error: Error): void;
}

/** Makes a caller for the API served at the other end of `channel`. */
export function createClient<Api extends Methods<Api>>(channel: Channel): ClientHandle<Api> {
  const pending = new Map<number, Pending>();
  let next = 1;
  let closed: Error | null = null;
  const stop = channel.listen((raw) => {
    const message = asMessage(raw);
    if (message === null || message.rpc === 'call' || message.rpc === 'cancel') return;
    const request = pending.get(message.id);
    if (!request) return;
    if (message.rpc === 'progress') {
      request.onProgress?.(message.progress);
      return;
    }
    pending.delete(message.id);
    if (message.rpc === 'ok') request.resolve(message.value);
    else request.reject(new RemoteError(message.error));
  });

  const call = (method: string, params: unknown, options: CallOptions = {}): Promise<unknown> => {
    if (closed) return Promise.reject(closed);
    if (options.signal?.aborted) return Promise.reject(new RemoteError({ kind: CANCELLED, message: 'Cancelled.' }));
    const id = next++;
    return new Promise<unknown>((resolve, reject) => {
      const cancel = () => channel.send({ rpc: 'cancel', id } satisfies Message);
      const done = () => options.signal?.removeEventListener('abort', cancel);
      pending.set(id, {
        resolve: (value) => {
          done();
          resolve(value);
        },
        reject: (error) => {
          done();
          reject(error);
        },
        onProgress: options.onProgress,
      });
      options.signal?.addEventListener('abort', cancel, { once: true });
      channel.send({ rpc: 'call', id, method, params } satisfies Message);
    });
  };

  const api = new Proxy({} as Client<Api>, {
    get: (_target, method) => {
      // A client must not look like a promise, or `await client` would call `then` over the wire.
      if (typeof method !== 'string' || method === 'then') return undefined;
      return (params: unknown, options?: CallOptions) => call(method, params, options);
    },
  });
  return {
    api,
    close: (error) => {
      closed = error;
      stop();
      for (const request of pending.values()) request.reject(error);
      pending.clear();
    },
  };
}

/** Answers the other end's requests with `handlers` until the returned function is called. */
export function serve<Api extends Methods<Api>>(channel: Channel, handlers: Handlers<Api>): () => void {
  const running = new Map<number, AbortController>();
  const answer = async (id: number, method: string, params: unknown) => {
    const controller = new AbortController();
    running.set(id, controller);
    const reply = (message: Message) => {
      if (!running.has(id)) return;
      channel.send(message);
      running.delete(id);
    };
    try {
      if (!Object.hasOwn(handlers, method)) throw new Error(`No such method: ${method}`);
      const handler = handlers[method as keyof Api];
      const context: CallContext = {
        signal: controller.signal,
        progress: (progress) => {
          if (running.has(id)) channel.send({ rpc: 'progress', id, progress } satisfies Message);
        },
      };
      const value = await handler(params as never, context);
      try {
        reply({ rpc: 'ok', id, value });
      } catch (error) {
        throw tooLarge(error);
      }
    } catch (error) {
      const data = controller.signal.aborted ? { kind: CANCELLED, message: 'Cancelled.' } : errorData(error);
      reply({ rpc: 'err', id, error: data });
    }
  };
  const stop = channel.listen((raw) => {
    const message = asMessage(raw);
    if (message?.rpc === 'call') void answer(message.id, message.method, message.params);
    else if (message?.rpc === 'cancel') running.get(message.id)?.abort();
  });
  return () => {
    stop();
    for (const controller of running.values()) controller.abort();
    running.clear();
  };
}

/** An answer that the channel does not take, because it passes what one message may hold: its request must end all the same. */
function tooLarge(error: unknown): RemoteError {
  const why = error instanceof Error ? error.message : String(error);
  return new RemoteError({
    kind: 'LimitError',
    message: `The answer is too large to be handed over (${why}); the model holds too much text.`,
  });
}

function asMessage(raw: unknown): Message | null {
  if (typeof raw !== 'object' || raw === null || !('rpc' in raw) || !('id' in raw)) return null;
  return raw as Message;
}
