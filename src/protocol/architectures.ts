import type { Profile } from '../analysis/profile';
import type { InputShape, Knob, Knobs, PublishedRecord } from '../architectures/family';

export type { Knob as KnobInfo, Knobs, KnobValue, PublishedRecord as PublishedFigures } from '../architectures/family';

/** A family of reference systems without its models. */
export interface FamilySummary {
  readonly name: string;
  readonly summary: string;
  readonly source: string;
  readonly knobs: readonly Knob[];
  readonly notes: readonly string[];
  readonly variants: readonly { readonly name: string; readonly knobs: Knobs; readonly published: PublishedRecord | null }[];
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
  readonly inputShape: InputShape;
  readonly parameters: number | string;
  readonly macs: number | string;
  /** `null` where nothing was, or where knobs were changed. */
  readonly published: PublishedRecord | null;
  /** (built - published) / published; `null` where nothing was published. */
  readonly difference: { readonly parameters: number | null; readonly macs: number | null };
  /** What no profile shows: orders of growth, path lengths. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
}

/** What the engine counted of a reference system, beside what was published of it. */
export interface BuiltArchitecture {
  readonly profile: Profile;
  readonly record: ArchitectureRecord;
}
