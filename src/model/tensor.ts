import type { DType } from './dtype';

/**
 * Where a tensor's elements are. Opening a model never reads large ones: they
 * stay a byte range until somebody asks.
 *
 * - `bytes`: packed little-endian elements in row-major order in `file`
 *   (`''` is the model file itself, anything else a path relative to its folder).
 * - `protobuf`: a packed repeated field of the model file, in protobuf's encoding.
 * - `inline`: small tensors, already decoded to packed little-endian elements.
 * - `strings`: a string tensor's elements, when small enough to keep.
 * - `missing`: the values cannot be had, and `reason` says why in one sentence.
 */
export type TensorStorage =
  | { readonly kind: 'bytes'; readonly file: string; readonly offset: number; readonly length: number }
  | { readonly kind: 'protobuf'; readonly field: PackedField; readonly offset: number; readonly length: number }
  | { readonly kind: 'inline'; readonly data: Uint8Array }
  | { readonly kind: 'strings'; readonly data: readonly Uint8Array[] }
  | { readonly kind: 'missing'; readonly reason: string };

/** The typed fields of ONNX's TensorProto, which hold values where `raw_data` does not. */
export type PackedField = 'float_data' | 'int32_data' | 'int64_data' | 'double_data' | 'uint64_data' | 'string_data';

export interface Tensor {
  readonly name: string;
  readonly dtype: DType;
  /** Row-major extents; `[]` is a scalar. */
  readonly shape: readonly number[];
  readonly storage: TensorStorage;
}

/** A tensor of COO form: `values` [NNZ] at `indices` [NNZ] (linear) or [NNZ, rank]; `shape` is the dense shape. */
export interface SparseTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Tensor;
  readonly indices: Tensor;
}
