import { type Checkpoint, type DType, type Finding, storedBytes } from '../model';

/** A count as JSON can carry it exactly: a decimal string past 2^53 - 1. */
type Count = number | string;

/** Tensors of one element type together. */
export interface TypeSummary {
  readonly dtype: DType;
  readonly tensors: number;
  readonly elements: Count;
  /** As stored. */
  readonly bytes: Count;
}

/** What a checkpoint holds, without a look at its values. */
export interface CheckpointSummary {
  readonly schema: 1;
  readonly name: string;
  readonly format: string;
  readonly formatVersion: string;
  readonly fileBytes: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly totals: { readonly tensors: number; readonly elements: Count; readonly bytes: Count };
  /** The type that takes most bytes first. */
  readonly types: readonly TypeSummary[];
  readonly findings: readonly Finding[];
}

/** Adds up a checkpoint's tensors by their element types; `file` says what it was read from. */
export function summarise(checkpoint: Checkpoint, file: { readonly name: string; readonly bytes: number }): CheckpointSummary {
  const sums = new Map<DType, { tensors: number; elements: bigint; bytes: bigint }>();
  const all = { tensors: 0, elements: 0n, bytes: 0n };
  for (const tensor of checkpoint.tensors) {
    const sum = sums.get(tensor.dtype) ?? { tensors: 0, elements: 0n, bytes: 0n };
    sums.set(tensor.dtype, sum);
    for (const one of [sum, all]) {
      one.tensors += 1;
      one.elements += tensor.shape.reduce((product, extent) => product * BigInt(extent), 1n);
      one.bytes += BigInt(storedBytes(tensor));
    }
  }
  const types = [...sums].sort(([, a], [, b]) => (a.bytes < b.bytes ? 1 : a.bytes > b.bytes ? -1 : 0));
  return {
    schema: 1,
    name: file.name,
    format: checkpoint.format,
    formatVersion: checkpoint.formatVersion,
    fileBytes: file.bytes,
    metadata: checkpoint.metadata,
    totals: exact(all),
    types: types.map(([dtype, sum]) => ({ dtype, ...exact(sum) })),
    findings: checkpoint.findings,
  };
}

function exact({ tensors, elements, bytes }: { readonly tensors: number; readonly elements: bigint; readonly bytes: bigint }) {
  const count = (value: bigint): Count => (value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString());
  return { tensors, elements: count(elements), bytes: count(bytes) };
}
