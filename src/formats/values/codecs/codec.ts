/** How one block-quantised type is decoded; a file of this folder each, and a line in `index.ts`. */
export interface Codec {
  /** What `TensorStorage` names it by: the format and the format's own name of the type. */
  readonly id: string;
  /** Elements of one block. */
  readonly elements: number;
  /** Bytes of one block. */
  readonly bytes: number;
  /** The block's elements as float32, written to `into` from `at` on; `block` holds exactly `bytes`. */
  decode(block: DataView, into: Float32Array, at: number): void;
}
