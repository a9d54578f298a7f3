import type { Dim, Node } from '../../model';
import type { Act } from '../meaning';
import type { Attributes, Fact } from '../rule';
import { knownScalar, normalizeAxis } from './shapes';

/** A node that repeats its body, as far as the number of turns depends on it. */
export interface Repetition {
  readonly node: Node;
  readonly opset: number;
  readonly inputs: readonly (Fact | null)[];
  readonly attributes: Attributes;
}

function scalar(fact: Fact | null | undefined): number | null {
  return fact?.kind === 'tensor' ? knownScalar(fact) : null;
}

/**
 * Where Scan's scanned inputs begin, and along which axis each is scanned (from the first one on). The node's own
 * inputs bound both, whatever number of them its attribute claims.
 */
export function scanInputs({ node, opset, inputs, attributes }: Repetition): { readonly first: number; readonly axes: readonly number[] } {
  // Version 8 scans axis 1 of batched inputs, and its first input is sequence_lens.
  const batched = opset < 9;
  const all = batched ? Math.max(inputs.length, node.inputs.length) : inputs.length;
  const count = Math.min(Math.max(attributes.int('num_scan_inputs', 1), 0), all);
  const given = batched ? undefined : attributes.ints('scan_input_axes');
  return { first: all - count, axes: Array.from({ length: count }, (_, i) => given?.[i] ?? (batched ? 1 : 0)) };
}

/** Extent of the scanned axis. */
function scanLength(repetition: Repetition): Dim {
  const { first, axes } = scanInputs(repetition);
  for (const [i, axis] of axes.entries()) {
    const fact = repetition.inputs[first + i];
    if (fact?.kind !== 'tensor' || !fact.shape) continue;
    const at = normalizeAxis(axis, fact.shape.length);
    const extent = at === null ? null : fact.shape[at];
    if (extent !== null && extent !== undefined) return extent;
  }
  return null;
}

/** Sequences that Scan of version 8 runs its body over, each for itself: the batch axis of what it scans; 1 for any other operator. */
export function sequencesOf(repetition: Repetition, does: Act['does']): Dim {
  if (does !== 'scan' || repetition.opset >= 9) return 1;
  const scanned = repetition.inputs.slice(scanInputs(repetition).first);
  const [first] = scanned.flatMap((fact) => (fact?.kind === 'tensor' && fact.shape ? [fact.shape] : []));
  return first?.[0] ?? null;
}

/**
 * How often an operator that loops, scans or maps runs its body; `null` when that depends
 * on data. In a loop, `condition` is the body's first output (what it says
 * about going on), judged for a body that runs.
 */
export function tripCount(repetition: Repetition, does: Act['does'], condition: Fact | null): Dim {
  const { inputs } = repetition;
  if (does === 'scan') return scanLength(repetition);
  if (does === 'mapSequence') return inputs[0]?.kind === 'sequence' ? (inputs[0].elements?.length ?? null) : null;
  if (does !== 'loop') return null;
  const start = inputs[1] ? scalar(inputs[1]) : 1;
  const limit = inputs[0] ? scalar(inputs[0]) : Number.POSITIVE_INFINITY;
  if (start === 0 || limit === 0) return 0;
  const goesOn = scalar(condition);
  if (start === null || limit === null || goesOn === null) return null;
  if (goesOn === 0) return 1;
  return Number.isFinite(limit) ? limit : null;
}
