import type { CheckpointDiff, CheckpointDiffViewApi, Client, Progress } from '../../src/protocol';
import { type EditorState, EditorStore } from '../common/editor/editorStore';
import { flag, number, oneOf, type Sorting, sorting, text } from '../common/kept';
import { type Fetched, isCancelled, Latest, LOADING, settled } from '../common/result';
import { type ChangeRow, changeRows } from './rows';

/** What the person chose in the comparison of two checkpoints. */
export interface DiffState extends EditorState {
  readonly tab: 'changes' | 'loading';
  readonly filter: string;
  readonly sort: Sorting | null;
  readonly swapped: boolean;
}

/** The state behind the comparison of two checkpoints: names first, values after them. */
export class DiffStore extends EditorStore<Client<CheckpointDiffViewApi>, DiffState> {
  diff: Fetched<CheckpointDiff> = LOADING;
  rows: readonly ChangeRow[] = [];
  /** How far the values are; `null` while none is read. */
  progress: Progress | null = null;
  readonly #work = new Latest();

  constructor(api: Client<CheckpointDiffViewApi>) {
    super(api, {
      key: 'checkpointDiff',
      first: {
        ...{ selected: '', detailsShown: true, detailsWidth: 320, detailsHeight: 200 },
        ...{ tab: 'changes', filter: '', sort: null, swapped: false },
      },
      readers: {
        ...{ selected: text, detailsShown: flag, detailsWidth: number(), detailsHeight: number() },
        ...{ tab: oneOf(['changes', 'loading']), filter: text, sort: sorting(), swapped: flag },
      },
    });
  }

  /** Compares names and shapes, then, where they are not given up, the values. */
  async load(): Promise<void> {
    this.diff = LOADING;
    this.progress = null;
    await this.#compare(true);
    if (this.diff.status === 'ready') await this.#compare(false);
  }

  compareValues(): Promise<void> {
    return this.#compare(false);
  }

  cancel(): void {
    this.#work.cancel();
  }

  swap(): void {
    this.update({ swapped: !this.state.swapped, selected: '' });
    void this.load();
  }

  async #compare(keysOnly: boolean): Promise<void> {
    const turn = this.#work.begin();
    const tell = (progress: Progress | null) => {
      if (!turn.isCurrent()) return;
      if (this.diff.status === 'ready') this.progress = progress ?? { stage: '', fraction: null };
      else this.diff = { status: 'loading', progress };
      this.changed();
    };
    tell(null);
    const { swapped } = this.state;
    const diff = await settled(this.api.diff({ keysOnly, swapped }, { signal: turn.signal, onProgress: tell }));
    if (!turn.isCurrent()) return;
    turn.end();
    this.progress = null;
    const given = diff.status === 'error' && isCancelled(diff.error) && this.diff.status === 'ready';
    if (diff.status === 'ready') this.rows = changeRows(diff.value);
    // What names and shapes told stays where reading the values was given up or failed.
    if (!given && (diff.status === 'ready' || this.diff.status !== 'ready')) this.diff = diff;
    else if (diff.status === 'error' && !given) this.problem = diff.error;
    this.changed();
  }
}
