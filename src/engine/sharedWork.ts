import type { Progress } from '../protocol';

/** Hears how far work is. */
export type OnProgress = (progress: Progress) => void;

/** Work that several requests wait for: done once, and stopped when none of them wants it any more. */
export class SharedWork<Result> {
  private readonly controller = new AbortController();
  private readonly result: Promise<Result>;
  private waiting = 0;
  private readonly listeners = new Set<OnProgress>();
  private progress: Progress | null = null;
  private state: 'running' | 'done' | 'failed' | 'stopped' = 'running';
  /** The result once it is there. */
  value: Result | null = null;

  constructor(work: (signal: AbortSignal, report: OnProgress) => Promise<Result>) {
    this.result = work(this.controller.signal, (progress) => {
      this.progress = progress;
      for (const listener of this.listeners) listener(progress);
    });
    // Those who wait hear of a failure; it may be that nobody does.
    this.result.then(
      (value) => {
        this.value = value;
        this.end('done');
      },
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
  async wait(signal?: AbortSignal, onProgress: OnProgress = () => {}): Promise<Result> {
    signal?.throwIfAborted();
    this.waiting++;
    this.listeners.add(onProgress);
    if (this.progress && this.state === 'running') onProgress(this.progress);
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
      this.listeners.delete(onProgress);
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
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Shared work by key; keeps results of `limit` weight together (as many, unless `weightOf` says otherwise), the least
 * recently asked for going first and the newest staying whatever it weighs.
 */
export class WorkStore<Result> {
  private readonly kept = new Map<string, { readonly version: string; readonly work: SharedWork<Result> }>();

  constructor(
    private readonly limit: number,
    private readonly weightOf: (result: Result) => number = () => 1,
  ) {}

  async get(
    { key, version = '', signal, onProgress }: WorkRequest,
    make: (signal: AbortSignal, report: OnProgress) => Promise<Result>,
  ): Promise<Result> {
    const found = this.kept.get(key);
    const entry = found?.version === version && found.work.isOfUse ? found : { version, work: new SharedWork(make) };
    this.kept.delete(key);
    this.kept.set(key, entry);
    const result = await entry.work.wait(signal, onProgress);
    this.makeRoom();
    return result;
  }

  /** Results that are kept or under way. */
  get size(): number {
    return this.kept.size;
  }

  delete(key: string): void {
    this.kept.delete(key);
  }

  private makeRoom(): void {
    const weigh = ({ value }: SharedWork<Result>) => (value === null ? 0 : this.weightOf(value));
    let weight = 0;
    for (const { work } of this.kept.values()) weight += weigh(work);
    let left = this.kept.size;
    for (const [key, { work }] of this.kept) {
      if (weight <= this.limit || left === 1) return;
      left -= 1;
      weight -= weigh(work);
      if (work.value !== null || !work.isOfUse) this.kept.delete(key);
    }
  }
}
