import type { BuiltModel } from './graph';

/** A knob's setting; lists hold one number for each stage. */
export type KnobValue = number | string | boolean | readonly number[];
/** Settings by the knobs' names; what is not named keeps its default. */
export type Knobs = Readonly<Record<string, KnobValue>>;

/** One thing about an architecture that can be changed, with what the form and the command line need to check it. */
export type Knob =
  | {
      readonly name: string;
      readonly kind: 'integer';
      readonly default: number;
      readonly minimum: number;
      readonly maximum: number;
      readonly doc: string;
    }
  | {
      readonly name: string;
      readonly kind: 'number';
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

/** Shape of a model's one input, or of each by its name. */
export type InputShape = readonly number[] | Readonly<Record<string, readonly number[]>>;

/** What a paper or a repository prints of one variant, and what an exact count of its specification gives. */
export interface PublishedRecord {
  readonly variant: string;
  readonly inputShape: InputShape;
  /** `null` where the source prints none. */
  readonly parameters: number | null;
  readonly macs: number | null;
  /** As printed: `11.7M`, `1.814G`. */
  readonly printedParameters: string | null;
  readonly printedCost: string | null;
  /** What the source calls its cost: `MACs` or `2 x MACs`. */
  readonly convention: string | null;
  /** ImageNet-1K top-1 in per cent unless the note says otherwise. */
  readonly top1: number | null;
  readonly source: string;
  readonly status: string;
  /** Allowed relative deviation of the built model. */
  readonly tolerance: { readonly parameters: number | null; readonly macs: number | null };
  readonly note: string | null;
}

/** Something to say of a choice of knobs that no profile shows. */
export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** A named setting of the knobs that a paper reports. */
export interface Variant {
  readonly name: string;
  readonly knobs: Knobs;
  readonly published: PublishedRecord | null;
}

/** A family of architectures: builder, knobs, published figures, notes. */
export interface Family {
  /** `CoAtNet`, as the command line and the gallery name it. */
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** Paper with arXiv number. */
  readonly source: string;
  readonly knobs: readonly Knob[];
  readonly variants: readonly Variant[];
  /** The input whose shape is told as the model's where a variant has others beside it. */
  readonly mainInput?: string;
  /** What a reader should know of readings, conventions and differences. */
  readonly notes: readonly string[];
  /** @throws UserError in one sentence when knobs do not fit each other (heads that do not divide the width...). */
  build(knobs: Knobs): BuiltModel;
  /** Orders of growth, path lengths. @throws UserError as `build` does. */
  facts?(knobs: Knobs): readonly Fact[];
}
