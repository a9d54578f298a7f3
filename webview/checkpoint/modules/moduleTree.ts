import type { CheckpointViewApi, Client, ModuleRow, Slice } from '../../../src/protocol';
import { allRows } from '../../common/allRows';
import { Latest, settled, type Turn } from '../../common/result';

/** Selection key of a module; tensors have other ones. */
export function moduleKey(id: number): string {
  return `module:${id}`;
}

/** The module that a key stands for; `null` for another thing's. */
export function moduleOfKey(key: string): number | null {
  const found = /^module:(\d+)$/.exec(key);
  return found ? Number(found[1]) : null;
}

/** The modules that have come: those directly in each opened one, fetched when it is first opened. */
export class ModuleTree {
  /** Outermost modules, in the file's order. */
  roots: readonly ModuleRow[] = [];
  /** Why the last modules did not come. */
  error: unknown = null;
  readonly known = new Map<number, ModuleRow>();
  readonly #children = new Map<number, readonly ModuleRow[]>();
  readonly #fetching = new Map<number | null, Promise<void>>();
  /** Every module, once a search needed them. */
  #all: readonly ModuleRow[] | null = null;
  readonly #work = new Latest();
  #turn: Turn = this.#work.begin();

  constructor(
    private readonly api: Client<CheckpointViewApi>,
    private readonly changed: () => void,
  ) {}

  /** Forgets the file before, and begins with what came with its overview. */
  begin({ rows, next }: Slice<ModuleRow>): void {
    this.#turn = this.#work.begin();
    this.known.clear();
    this.#children.clear();
    this.#fetching.clear();
    this.#all = null;
    this.error = null;
    this.#keep(rows);
    this.roots = rows;
    if (next !== null) void this.#fetch(null, next);
  }

  childrenOf(id: number): readonly ModuleRow[] | undefined {
    return this.#children.get(id);
  }

  /** All modules in the tree's pre-order, or `null` until they have come: then `changed` is called. */
  all(): readonly ModuleRow[] | null {
    if (this.#all === null) void this.#once(-1, () => this.#fetchAll());
    return this.#all;
  }

  /** The modules directly in one. */
  open(id: number): Promise<void> {
    if (this.#children.has(id)) return Promise.resolve();
    return this.#once(id, () => this.#fetch(id, 0));
  }

  #once(key: number, work: () => Promise<void>): Promise<void> {
    const known = this.#fetching.get(key);
    if (known) return known;
    const fetching = work();
    this.#fetching.set(key, fetching);
    return fetching;
  }

  async #fetch(parent: number | null, first: number): Promise<void> {
    const turn = this.#turn;
    const ask = (from: number) => this.api.modules({ parent, from: Math.max(first, from) }, { signal: turn.signal });
    const rows = await settled(allRows(ask));
    if (!turn.isCurrent()) return;
    if (rows.status === 'ready') {
      this.#keep(rows.value);
      if (parent === null) this.roots = [...this.roots, ...rows.value];
      else this.#children.set(parent, rows.value);
    }
    this.#ended(parent, rows.status === 'error' ? rows.error : null);
  }

  async #fetchAll(): Promise<void> {
    const turn = this.#turn;
    const rows = await settled(allRows((from) => this.api.allModules({ from }, { signal: turn.signal })));
    if (!turn.isCurrent()) return;
    if (rows.status === 'ready') {
      this.#all = rows.value;
      this.#keep(rows.value);
    }
    this.#ended(-1, rows.status === 'error' ? rows.error : null);
  }

  #ended(key: number | null, error: unknown): void {
    // What failed is asked for anew when it is opened again.
    if (error !== null) this.#fetching.delete(key);
    this.error = error;
    this.changed();
  }

  #keep(rows: readonly ModuleRow[]): void {
    for (const row of rows) this.known.set(row.id, row);
  }
}
