import { UserError } from '../../../src/bytes';
import { createEngine } from '../../../src/engine/engine';
import type { CompareViewApi, ComparisonSet, Handlers, ModelReference } from '../../../src/protocol';

/** What the view asked of its host. */
export interface CompareAsked {
  readonly counted: string[];
  readonly sized: { readonly model: string; readonly sizes: readonly number[] }[];
  readonly measured: string[];
  readonly opened: string[];
  /** Nodes and blocks that models were opened at; `''` for none. */
  readonly shown: string[];
  /** Pairs that were diffed. */
  readonly diffed: string[];
  readonly copied: string[];
  readonly saved: { readonly name: string; readonly bytes: Uint8Array }[];
  readonly other: string[];
}

/** A host that answers from the real engine; the set changes as the person asks. */
export class CompareHost {
  readonly asked: CompareAsked = {
    counted: [],
    sized: [],
    measured: [],
    opened: [],
    shown: [],
    diffed: [],
    copied: [],
    saved: [],
    other: [],
  };
  readonly handlers: Handlers<CompareViewApi>;
  private readonly engine = createEngine();
  private baseline = '';
  /** Set when a page is opened. */
  changed: () => Promise<void> = async () => {};

  constructor(
    public models: readonly { readonly name: string; readonly reference: ModelReference; readonly error?: string }[],
    change: Partial<Handlers<CompareViewApi>> = {},
    private readonly title = 'variants.loupe.json',
  ) {
    this.handlers = {
      load: async () => this.set(),
      figures: async ({ model }, context) => {
        this.asked.counted.push(model);
        const { rows } = await this.engine.compare({ models: [this.reference(model)] }, context);
        if (!rows[0]?.figures) throw new UserError(rows[0]?.error ?? '');
        return rows[0].figures;
      },
      figuresAt: async ({ model, sizes }, context) => {
        this.asked.sized.push({ model, sizes });
        const { rows } = await this.engine.compare({ models: [this.reference(model)], sizes }, context);
        return rows.map(({ size, figures, error }) => ({ size: size ?? 0, figures, error }));
      },
      measure: async ({ model }, context) => {
        this.asked.measured.push(model);
        const report = await this.engine.latency({ model: this.reference(model), provider: 'cpu', runs: 3 }, context);
        const { median: milliseconds, minimum } = report.wallMilliseconds;
        return { milliseconds, minimum, runs: report.runs, provider: report.provider, note: report.providerNote };
      },
      diff: async ({ before, after }, context) => {
        this.asked.diffed.push(`${before} -> ${after}`);
        return this.engine.diff({ before: this.reference(before), after: this.reference(after) }, context);
      },
      openModel: async ({ model, node = '' }) => {
        this.asked.opened.push(model);
        this.asked.shown.push(node);
      },
      addModels: async () => void this.asked.other.push('addModels'),
      remove: async ({ model }) => {
        this.models = this.models.filter(({ name }) => name !== model);
        await this.changed();
      },
      setBaseline: async ({ model }) => {
        this.baseline = model;
        await this.changed();
      },
      saveAs: async () => void this.asked.other.push('saveAs'),
      openText: async () => void this.asked.other.push('openText'),
      copy: async ({ text }) => void this.asked.copied.push(text),
      save: async (file) => void this.asked.saved.push(file),
      ...change,
    };
  }

  set(): ComparisonSet {
    return {
      title: this.title,
      untitled: !this.title.endsWith('.json'),
      models: this.models.map(({ name, reference, error = '' }) => ({
        id: name,
        name,
        detail: name,
        kind: reference.kind === 'architecture' ? 'architecture' : 'file',
        version: '1',
        error,
      })),
      baseline: this.baseline || (this.models[0]?.name ?? ''),
      error: '',
    };
  }

  private reference(id: string): ModelReference {
    const found = this.models.find(({ name }) => name === id);
    if (!found) throw new UserError(`There is no ${id}.`);
    return found.reference;
  }
}

export const sample = (name: string) => ({ name, reference: { kind: 'file', path: `samples/${name}` } as const });
export const variant = (name: string) => ({ name, reference: { kind: 'architecture', variant: name } as const });
