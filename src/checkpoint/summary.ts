import type { Checkpoint, DType, ExternalFile, Finding, TrustReport } from '../model';
import { addCounts, type Count } from './counts';
import type { SectionKind } from './sections';
import type { CheckpointStructure } from './structure';
import { type CheckpointTensor, type Sums, sumOf, tensorsWithin } from './tree';

/** Tensors of one element type together; elements that several share are counted once. */
export interface TypeSummary {
  readonly dtype: DType;
  readonly tensors: number;
  readonly elements: Count;
  /** As stored. */
  readonly bytes: Count;
}

/** What the file says of itself. */
export interface CheckpointFile {
  readonly name: string;
  readonly format: string;
  readonly formatVersion: string;
  readonly fileBytes: number;
  readonly externalFiles: readonly ExternalFile[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** What training saved beside each other, each part added up. */
export interface SectionSummary extends Sums {
  readonly kind: SectionKind;
  /** What its tensors' names begin with, as `state_dict.module`; `''` for nothing. */
  readonly prefix: string;
}

/** What a checkpoint holds, without a look at its values. */
export interface CheckpointSummary extends Pick<CheckpointStructure, 'budget'> {
  readonly schema: 1;
  readonly model: CheckpointFile;
  /**
   * `parameters` and `buffers` are those of the weights (tied ones once, neither averaged copies nor an optimizer's
   * state); `tensors` and `bytes` those of the whole file.
   */
  readonly totals: Sums;
  /** The type that takes most bytes first. */
  readonly types: readonly TypeSummary[];
  readonly sections: readonly SectionSummary[];
  readonly trust: TrustReport;
  readonly findings: readonly Finding[];
}

/** A format that holds tensors and nothing that could run. */
const HARMLESS: TrustReport = { verdict: 'safe', weightsOnly: null, imports: [], reasons: [] };

/** Adds a checkpoint up; `file` says what it was read from. */
export function summarise(
  checkpoint: Checkpoint,
  structure: CheckpointStructure,
  file: { readonly name: string; readonly bytes: number },
): CheckpointSummary {
  const { format, formatVersion, externalFiles, metadata, findings, trust = HARMLESS } = checkpoint;
  return {
    schema: 1,
    model: { name: file.name, format, formatVersion, fileBytes: file.bytes, externalFiles, metadata },
    totals: structure.totals,
    budget: structure.budget,
    types: typesOf(structure.tensors),
    sections: structure.sections.map(({ kind, prefix, root }) => ({ kind, prefix, ...sumOf(tensorsWithin(root)) })),
    trust,
    findings,
  };
}

function typesOf(tensors: readonly CheckpointTensor[]): readonly TypeSummary[] {
  const sums = new Map<DType, TypeSummary>();
  for (const { tensor, elements, bytes, shared } of tensors) {
    const { dtype } = tensor;
    const before = sums.get(dtype) ?? { dtype, tensors: 0, elements: 0, bytes: 0 };
    sums.set(dtype, {
      dtype,
      tensors: before.tensors + 1,
      elements: shared ? before.elements : addCounts(before.elements, elements),
      bytes: shared ? before.bytes : addCounts(before.bytes, bytes),
    });
  }
  return [...sums.values()].sort((a, b) => Number(b.bytes) - Number(a.bytes));
}
