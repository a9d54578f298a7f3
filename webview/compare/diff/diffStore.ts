import type { Client, ComparedModel, CompareViewApi, ModelDiff } from '../../../src/protocol';
import { isCancelled, Latest } from '../../common/result';
import { ViewStore } from '../../common/store';
import type { CompareStore, Row } from '../store';
import { type DiffState, KEPT } from './state';

/** How far the comparison of the two models is. */
export type DiffResult =
  | { readonly status: 'none' }
  /** Not before both models are counted: the rows of the table come first. */
  | { readonly status: 'waiting' }
  | { readonly status: 'comparing' }
  | { readonly status: 'cancelled' }
  | { readonly status: 'ready'; readonly diff: ModelDiff }
  | { readonly status: 'failed'; readonly error: unknown };

/** The two models that are compared. */
export interface DiffPair {
  readonly before: Row;
  readonly after: Row;
}

/** What changed between two models of the comparison; compared when somebody looks. */
export class DiffStore extends ViewStore<Client<CompareViewApi>, DiffState> {
  #wanted = false;
  #asked = '';
  #result: DiffResult = { status: 'none' };
  readonly #work = new Latest();

  constructor(private readonly store: CompareStore) {
    super(store.api, KEPT);
  }

  /** The two models: those chosen, else the baseline and the first other. `null` with fewer than two. */
  get pair(): DiffPair | null {
    const { rows, set } = this.store;
    const find = (id: string) => rows.find(({ model }) => model.id === id);
    const before = find(this.state.before) ?? find(set?.baseline ?? '') ?? rows[0];
    const chosen = find(this.state.after);
    const after = chosen ?? rows.find((row) => row !== before && row.model.id !== before?.model.id);
    return before && after ? { before, after } : null;
  }

  get result(): DiffResult {
    const { pair } = this;
    if (!pair || !this.#wanted) return { status: 'none' };
    const { before, after } = pair;
    if (before.counted.status === 'waiting' || after.counted.status === 'waiting') return { status: 'waiting' };
    return this.#asked === keyOf(pair) ? this.#result : { status: 'waiting' };
  }

  override update(change: Partial<DiffState>): void {
    super.update(change);
    this.refresh();
  }

  /** Somebody looks: from now on the pair is compared whenever it is counted and has changed. */
  want(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.refresh();
    this.changed();
  }

  cancel(): void {
    this.#work.cancel();
  }

  retry(): void {
    this.#asked = '';
    this.refresh();
    this.changed();
  }

  /** Compares the pair if that is wanted, possible and not done. */
  refresh(): void {
    const { pair } = this;
    if (!pair || !this.#wanted) return;
    const ready = [pair.before, pair.after].every(({ counted }) => counted.status === 'ready');
    const key = keyOf(pair);
    if (!ready || this.#asked === key) return;
    this.#asked = key;
    void this.#compare(pair.before.model, pair.after.model, key);
  }

  async #compare(before: ComparedModel, after: ComparedModel, key: string): Promise<void> {
    const turn = this.#work.begin();
    this.#result = { status: 'comparing' };
    this.changed();
    const result = await this.api.diff({ before: before.id, after: after.id }, { signal: turn.signal }).then(
      (diff): DiffResult => ({ status: 'ready', diff }),
      (error: unknown): DiffResult => (isCancelled(error) ? { status: 'cancelled' } : { status: 'failed', error }),
    );
    if (this.#asked !== key) return;
    this.#result = result;
    this.changed();
  }
}

function keyOf({ before, after }: DiffPair): string {
  return JSON.stringify([before.model.id, before.model.version, after.model.id, after.model.version]);
}
