import { byteLengthOf, type DType } from './dtype';

/**
 * Where a tensor's elements are. Opening a model never reads large ones: they
 * stay a byte range until somebody asks.
 *
 * - `bytes`: packed elements in row-major order, little-endian unless it says otherwise.
 * - `strided`: a view of the elements packed in these bytes, as PyTorch and NumPy share them: element
 *   `[i, j]` is number `start + i * strides[0] + j * strides[1]` of them. All that a view can reach lies in the range.
 * - `encoded`: these bytes are blocks that `codec` (formats/values/codecs) turns into elements of the
 *   tensor's dtype: a block-quantised type, which has no element of its own.
 * - `hdf5`: a dataset of the HDF5 file in these bytes, which that format's library finds and unpacks.
 * - `pieces`: `bytes` that lie in several places, one behind the other.
 * - `protobuf`: a packed repeated field of the model file, in protobuf's encoding.
 * - `inline`: small tensors, already decoded to packed little-endian elements.
 * - `blocks`: parts of the tensor, each with a storage of its own; they do not overlap.
 * - `strings`: a string tensor's elements, when small enough to keep.
 * - `missing`: the values cannot be had, and `reason` says why in one sentence.
 */
export type TensorStorage =
  | ({ readonly kind: 'bytes'; readonly bigEndian?: true } & StoredRange)
  | StridedStorage
  | ({ readonly kind: 'encoded'; readonly codec: string } & StoredRange)
  | DatasetStorage
  | PieceStorage
  | { readonly kind: 'protobuf'; readonly field: PackedField; readonly offset: number; readonly length: number }
  | { readonly kind: 'inline'; readonly data: Uint8Array }
  | { readonly kind: 'blocks'; readonly blocks: readonly TensorBlock[] }
  | { readonly kind: 'strings'; readonly data: readonly Uint8Array[] }
  | { readonly kind: 'missing'; readonly reason: string };

/** The typed fields of ONNX's TensorProto, which hold values where `raw_data` does not. */
export type PackedField = 'float_data' | 'int32_data' | 'int64_data' | 'double_data' | 'uint64_data' | 'string_data';

/** A block of a tensor, of the tensor's own element type. */
export interface TensorBlock {
  /** Where the block begins along each axis. */
  readonly offsets: readonly number[];
  readonly shape: readonly number[];
  readonly storage: TensorStorage;
}

/** Where in a file bytes lie. */
export interface StoredRange {
  /** `''` is the model file itself, anything else a path relative to its folder. */
  readonly file: string;
  /** In the file; with `entry`, in what the entry holds. */
  readonly offset: number;
  readonly length: number;
  /** The file is an archive, and the range lies in one of its entries. */
  readonly entry?: ArchiveEntry;
}

/** An entry of a zip archive, which its local header says the rest of. All are bytes. */
export interface ArchiveEntry {
  /** Where the entry's local header begins in the file. */
  readonly header: number;
  /** What the entry takes in the file behind its header. */
  readonly stored: number;
  /** What it holds: as much, or more where it is `deflated`. */
  readonly size: number;
  readonly deflated: boolean;
}

/** Packed little-endian elements in row-major order, cut anywhere. */
export interface PieceStorage {
  readonly kind: 'pieces';
  /** As of a `StoredRange`. */
  readonly file: string;
  readonly pieces: readonly { readonly offset: number; readonly length: number }[];
}

/** A dataset of an HDF5 file: the range is the file. */
export interface DatasetStorage extends StoredRange {
  readonly kind: 'hdf5';
  /** From the root, with the slash before it. */
  readonly dataset: string;
}

/** A view of packed elements; `start` and `strides` count elements. */
export interface StridedStorage extends StoredRange {
  readonly kind: 'strided';
  readonly bigEndian?: true;
  readonly start: number;
  /** One for each extent; 0 repeats, and none is negative. */
  readonly strides: readonly number[];
}

/** Named elements of one type: weights, constants, attributes. */
export interface Tensor {
  readonly name: string;
  readonly dtype: DType;
  /** Row-major extents; `[]` is a scalar. */
  readonly shape: readonly number[];
  /** The extents as the file has them, where one is none that a tensor can have; it is 0 in `shape`. */
  readonly written?: readonly string[];
  readonly storage: TensorStorage;
  /** What tensors that share stored elements have in common; absent for one that shares none. */
  readonly tied?: string;
  /** Where the file tells: learned, or kept beside what is learned (running means). */
  readonly role?: 'parameter' | 'buffer';
  /** False for a parameter that the file says is not trained. */
  readonly trainable?: boolean;
  /** What the stored integers of a quantised type stand for. */
  readonly quantization?: Quantization;
}

/** A quantised element stands for `scale * (stored - zeroPoint)`, with one pair for all, or one for each index of `axis`. */
export type Quantization =
  | { readonly per: 'tensor'; readonly scale: number; readonly zeroPoint: number }
  | { readonly per: 'channel'; readonly axis: number; readonly scales: Tensor; readonly zeroPoints: Tensor };

/** Bytes that a tensor's elements take where they are stored: fewer than its type says where they are encoded. */
export function storedBytes({ dtype, shape, storage }: Tensor): number {
  if (storage.kind === 'encoded') return storage.length;
  return byteLengthOf(
    dtype,
    shape.reduce((product, extent) => product * extent, 1),
  );
}

/** A tensor of COO form: `values` [NNZ] at `indices` [NNZ] (linear) or [NNZ, rank]; `shape` is the dense shape. */
export interface SparseTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Tensor;
  readonly indices: Tensor;
}
