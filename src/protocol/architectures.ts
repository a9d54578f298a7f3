import type { Profile } from '../analysis/profile';

/** Value of one knob of a reference system. */
export type KnobValue = number | string | boolean | readonly number[];
export type Knobs = Readonly<Record<string, KnobValue>>;

/** One thing about an architecture that can be changed, as a form or a command line needs it. */
export type KnobInfo =
  | {
      readonly name: string;
      readonly kind: 'integer' | 'number';
      readonly default: number;
      readonly minimum: number;
      readonly maximum: number;
      readonly doc: string;
    }
  | { readonly name: string; readonly kind: 'boolean'; readonly default: boolean; readonly doc: string }
  | { readonly name: string; readonly kind: 'choice'; readonly default: string; readonly choices: readonly string[]; readonly doc: string }
  | {
      readonly name: string;
      readonly kind: 'integers';
      readonly default: readonly number[];
      readonly minimum: number;
      readonly maximum: number;
      readonly doc: string;
    };

/** What a paper or a repository prints of a variant; `parameters` and `macs` are an exact count of its specification. */
export interface PublishedFigures {
  readonly variant: string;
  readonly inputShape: readonly number[];
  readonly parameters: number | null;
  readonly macs: number | null;
  readonly printedParameters: string | null;
  readonly printedCost: string | null;
  /** What the source calls its cost: `MACs` or `2 x MACs`. */
  readonly convention: string | null;
  readonly top1: number | null;
  readonly source: string;
  readonly status: string;
  readonly tolerance: { readonly parameters: number | null; readonly macs: number | null };
  readonly note: string | null;
}

/** A family of reference systems without its models. */
export interface FamilySummary {
  readonly name: string;
  readonly summary: string;
  readonly source: string;
  readonly knobs: readonly KnobInfo[];
  readonly notes: readonly string[];
  readonly variants: readonly { readonly name: string; readonly knobs: Knobs; readonly published: PublishedFigures | null }[];
}

/** Which reference system to build: a variant, or a family with its default knobs; `knobs` change single ones. */
export interface ArchitectureRequest {
  readonly family?: string;
  readonly variant?: string;
  readonly knobs?: Knobs;
}

/** A built variant beside what was published of it. */
export interface ArchitectureRecord {
  readonly family: string;
  /** `''` for a family's default knobs. */
  readonly variant: string;
  /** Every knob of the family. */
  readonly knobs: Knobs;
  /** Of the one input, or of each by name. */
  readonly inputShape: readonly number[] | Readonly<Record<string, readonly number[]>>;
  readonly parameters: number | string;
  readonly macs: number | string;
  /** `null` where nothing was, or where knobs were changed. */
  readonly published: PublishedFigures | null;
  /** (built - published) / published; `null` where nothing was published. */
  readonly difference: { readonly parameters: number | null; readonly macs: number | null };
}

export interface BuiltArchitecture {
  readonly profile: Profile;
  readonly record: ArchitectureRecord;
}
