import type { Dim, Node } from '../../model';
import { normalizeDomain } from '../domain';
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

/** Operators of ai.onnx whose body gets their inputs one by one, turn by turn. */
const REPEATING: ReadonlySet<string> = new Set(['Loop', 'Scan', 'SequenceMap']);

/** Whether a node is ONNX's own Loop, Scan or SequenceMap. */
export function repeats({ op, domain }: Node): boolean {
  return normalizeDomain(domain) === '' && REPEATING.has(op);
}

/** Whether a node is ONNX's own If, which runs one of its bodies. */
export function chooses({ op, domain }: Node): boolean {
  return op === 'If' && normalizeDomain(domain) === '';
}

/**
 * How often Loop, Scan or SequenceMap runs its body; `null` when that depends
 * on data. For Loop, `condition` is the body's first output (what it says
 * about going on), judged for a body that runs.
 */
export function tripCount(repetition: Repetition, condition: Fact | null): Dim {
  const { node, inputs } = repetition;
  if (!repeats(node)) return null;
  if (node.op === 'Scan') return scanLength(repetition);
  if (node.op === 'SequenceMap') return inputs[0]?.kind === 'sequence' ? (inputs[0].elements?.length ?? null) : null;
  const start = inputs[1] ? scalar(inputs[1]) : 1;
  const limit = inputs[0] ? scalar(inputs[0]) : Number.POSITIVE_INFINITY;
  if (start === 0 || limit === 0) return 0;
  const goesOn = scalar(condition);
  if (start === null || limit === null || goesOn === null) return null;
  if (goesOn === 0) return 1;
  return Number.isFinite(limit) ? limit : null;
}
