import type { Answer } from '../answer';
import type { Labels } from '../labels';

/** A model's output, row-major. */
export interface OutputTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** `null` for elements that are no numbers, or 64-bit ones. */
  readonly values: Float32Array | null;
}

/** Output tensors to answers; a file of this folder for each kind of answer, and a line in `index.ts`. */
export interface Decoder {
  /** The kind of its answers. */
  readonly kind: Answer['kind'];
  /** What it reads off the outputs: nothing where none is of its kind, with the reason as a warning where one might be expected. */
  decode(outputs: readonly OutputTensor[], labels: Labels): Decoded;
}

/** What was read off a run's outputs. */
export interface Decoded {
  readonly answers: readonly Answer[];
  /** A sentence each. */
  readonly warnings: readonly string[];
}
