import type { Client, FamilySummary, FamilyViewApi, Knobs, ReferenceChoice, ReferenceFigures } from '../../src/protocol';
import { type Counted as Counting, WAITING } from '../common/counted';
import { failureText } from '../common/failure';
import { Latest } from '../common/result';
import { ViewStore } from '../common/store';
import { baseKnobs, changesOf, type KnobChanges } from './knobs';
import { KEPT, type ViewState } from './viewState';

/** How far the counting of one variant is. */
export type Counted = Counting<ReferenceFigures>;

/** The person's hand rests this long (ms) before the engine builds what the knobs say. */
const SETTLED_MS = 200;

/** A family as its page shows it: what is published, each variant's figures as they come, and the budget of the knobs. */
export class FamilyStore extends ViewStore<Client<FamilyViewApi>, ViewState> {
  family: FamilySummary | null = null;
  /** Budget of the last knobs that fitted; `null` while nothing of this variant is counted. */
  shown: ReferenceFigures | null = null;
  /** Why the knobs as they are have no budget, in one sentence; `''` where they have. */
  misfit = '';
  /** The budget of the knobs as they are is being counted. */
  pending = false;
  readonly #counted = new Map<string, Counted>();
  #work = false;
  #timer = 0;
  readonly #request = new Latest();

  constructor(api: Client<FamilyViewApi>) {
    super(api, KEPT);
  }

  /** Name of the chosen variant; `''` for the default knobs. */
  get chosen(): string {
    return this.state.variant ?? '';
  }

  /** Values of the knobs before the person changed one. */
  get base(): Knobs {
    return baseKnobs(this.family?.knobs ?? [], this.#knobsOf(this.chosen));
  }

  get draft(): KnobChanges {
    return changesOf(this.family?.knobs ?? [], this.base, this.state.edits);
  }

  /** What the buttons of the form act on. */
  get present(): ReferenceChoice {
    return { variant: this.chosen, knobs: this.draft.changed };
  }

  /** What the chosen variant itself costs; `null` until it is counted. */
  get baseline(): ReferenceFigures | null {
    const counted = this.counted(this.chosen);
    return counted.status === 'ready' ? counted.figures : null;
  }

  counted(variant: string): Counted {
    return this.#counted.get(variant) ?? WAITING;
  }

  async load(): Promise<void> {
    try {
      this.family = await this.api.load({});
      this.problem = null;
      const { variants } = this.family;
      const known = this.state.variant === '' || variants.some(({ name }) => name === this.state.variant);
      if (!known) this.update({ variant: variants[0]?.name ?? '', edits: {} });
      this.#follow(0);
    } catch (error) {
      this.problem = error;
      this.changed();
    }
    await this.#countAll();
  }

  sort(sorting: ViewState['sorting']): void {
    this.update({ sorting });
  }

  /** Fills the form with a variant's knobs. */
  choose(variant: string): void {
    if (variant === this.chosen && this.draft.marked.size === 0) return;
    this.update({ variant, edits: {} });
    this.shown = null;
    this.misfit = '';
    this.#follow(0);
    void this.#countAll();
  }

  edit(knob: string, content: string | boolean): void {
    this.update({ edits: { ...this.state.edits, [knob]: content } });
    this.#follow(SETTLED_MS);
  }

  /** Takes back one knob's change, or all of them. */
  reset(knob?: string): void {
    const { [knob ?? '']: _, ...rest } = this.state.edits;
    this.update({ edits: knob === undefined ? {} : rest });
    this.#follow(0);
  }

  retry(variant: string): void {
    this.#counted.delete(variant);
    if (variant === this.chosen) this.#follow(0);
    void this.#countAll();
  }

  #knobsOf(variant: string): Knobs {
    return this.family?.variants.find(({ name }) => name === variant)?.knobs ?? {};
  }

  /** Brings the budget after the knobs. */
  #follow(delay: number): void {
    window.clearTimeout(this.#timer);
    this.#request.drop();
    const { marked, problem } = this.draft;
    this.pending = problem === '';
    if (problem !== '') this.misfit = problem;
    else if (marked.size === 0) this.#showBase();
    else this.#timer = window.setTimeout(() => void this.#build(), delay);
    this.changed();
  }

  /** Without changes the table's own count is the budget. */
  #showBase(): void {
    const counted = this.counted(this.chosen);
    this.pending = counted.status === 'waiting';
    this.misfit = counted.status === 'failed' ? failureText(counted.error) : '';
    if (counted.status === 'ready') this.shown = counted.figures;
  }

  async #build(): Promise<void> {
    const turn = this.#request.begin();
    try {
      const shown = await this.api.figures(this.present, { signal: turn.signal });
      if (!turn.isCurrent()) return;
      this.shown = shown;
      this.misfit = '';
    } catch (error) {
      if (!turn.isCurrent()) return;
      this.misfit = failureText(error);
    }
    turn.end();
    this.pending = false;
    this.changed();
  }

  /** The chosen one first: its budget waits for it. */
  #next(): string | undefined {
    if (!this.family) return undefined;
    return [this.chosen, ...this.family.variants.map(({ name }) => name)].find((variant) => !this.#counted.has(variant));
  }

  /** One variant after the other: the engine is one process, and the first rows are there soonest. */
  async #countAll(): Promise<void> {
    if (this.#work) return;
    this.#work = true;
    for (let variant = this.#next(); variant !== undefined; variant = this.#next()) {
      try {
        this.#counted.set(variant, { status: 'ready', figures: await this.api.figures({ variant, knobs: {} }) });
      } catch (error) {
        this.#counted.set(variant, { status: 'failed', error });
      }
      if (variant === this.chosen && this.draft.marked.size === 0) this.#showBase();
      this.changed();
    }
    this.#work = false;
  }
}
