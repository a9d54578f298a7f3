/** What a model says of an image: one for each output that is understood, and one for each that is not. */
export type Answer = ClassesAnswer | TensorAnswer;

/** The image's class, one among many. */
export interface ClassesAnswer {
  readonly kind: 'classes';
  /** Name of the output it was read from. */
  readonly output: string;
  /** Best first; a thousand at most. */
  readonly classes: readonly ClassScore[];
}

/** An output that no decoder understands. */
export interface TensorAnswer {
  readonly kind: 'tensor';
  readonly output: string;
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** A class and how likely it is, 0 to 1. */
export interface ClassScore {
  readonly index: number;
  /** Its number where nothing names it. */
  readonly label: string;
  readonly probability: number;
}
