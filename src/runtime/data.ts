/** A model as an engine loads it. */
export type RuntimeModel = { readonly name: string /** Bytes of weights in other files. */; readonly externalBytes: number } & (
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
);

/** Elements as the runtime holds them; strings have no buffer. */
export type TensorData =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | readonly string[];

/** A tensor on the CPU, row-major. float16 and bfloat16 elements are their 16 bits. */
export interface RuntimeTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: TensorData;
}
