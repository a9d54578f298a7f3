/** Work that several requests wait for: done once, and stopped when none of them wants it any more. */
export class SharedWork<Result> {
  private readonly controller = new AbortController();
  private readonly result: Promise<Result>;
  private waiting = 0;
  private state: 'running' | 'done' | 'failed' | 'stopped' = 'running';

  constructor(work: (signal: AbortSignal) => Promise<Result>) {
    this.result = work(this.controller.signal);
    // Those who wait hear of a failure; it may be that nobody does.
    this.result.then(
      () => this.end('done'),
      () => this.end('failed'),
    );
  }

  /** False once it failed or was given up: a new request begins anew. */
  get isOfUse(): boolean {
    return this.state === 'running' || this.state === 'done';
  }

  /**
   * The result, for one request.
   * @throws the signal's reason when that request is cancelled, whatever the others do.
   */
  async wait(signal?: AbortSignal): Promise<Result> {
    signal?.throwIfAborted();
    this.waiting++;
    let stopWaiting = () => {};
    const cancelled = new Promise<never>((_, reject) => {
      const abort = () => reject(signal?.reason);
      signal?.addEventListener('abort', abort, { once: true });
      stopWaiting = () => signal?.removeEventListener('abort', abort);
    });
    try {
      return await Promise.race([this.result, cancelled]);
    } finally {
      stopWaiting();
      this.waiting--;
      if (this.waiting === 0 && this.state === 'running') {
        this.end('stopped');
        this.controller.abort();
      }
    }
  }

  private end(state: 'done' | 'failed' | 'stopped'): void {
    if (this.state === 'running') this.state = state;
  }
}

/** What was asked for: the same key and version is the same work. */
export interface WorkRequest {
  readonly key: string;
  /** Another version of the same key replaces it. */
  readonly version?: string;
  readonly signal: AbortSignal | undefined;
}

/** Shared work by key; keeps the last `limit` results, the least recently asked for going first. */
export class WorkStore<Result> {
  private readonly kept = new Map<string, { readonly version: string; readonly work: SharedWork<Result> }>();

  constructor(private readonly limit: number) {}

  get({ key, version = '', signal }: WorkRequest, make: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const found = this.kept.get(key);
    const entry = found?.version === version && found.work.isOfUse ? found : { version, work: new SharedWork(make) };
    this.kept.delete(key);
    this.kept.set(key, entry);
    for (const oldest of this.kept.keys()) if (this.kept.size > this.limit) this.kept.delete(oldest);
    return entry.work.wait(signal);
  }

  delete(key: string): void {
    this.kept.delete(key);
  }
}
