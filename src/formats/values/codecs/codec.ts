/** How one block-quantised type is decoded; a family of types a file of this folder, and a line in `index.ts`. */
export interface Codec {
  /** What `TensorStorage` names it by: the format and the format's own name of the type. */
  readonly id: string;
  /** Elements of one block. */
  readonly elements: number;
  /** Bytes of one block. */
  readonly bytes: number;
  /** What elements become; float32 unless said otherwise. */
  readonly values?: 'float64';
  /** The elements of the block that begins at byte `from` of `view`, written to `into` from `at` on. */
  decode(view: DataView, from: number, into: Float32Array | Float64Array, at: number): void;
}
