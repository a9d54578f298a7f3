import type { Fact, KnownData, TensorFact } from '../rule';
import { UNKNOWN } from '../rule';
import { mergeShapes } from './shapes';

function sameData(a: KnownData, b: KnownData): boolean {
  return a.length === b.length && a.every((element, index) => element === b[index]);
}

function mergeTensors(a: TensorFact, b: TensorFact): Fact {
  if (a.dtype !== b.dtype) return UNKNOWN;
  const shape = mergeShapes(a.shape, b.shape);
  const data = a.data && b.data && sameData(a.data, b.data) ? a.data : undefined;
  return { kind: 'tensor', dtype: a.dtype, shape, ...(data ? { data } : {}) };
}

/** What holds of a value that is either of two: the branches of an If, the turns of a Loop. */
export function mergeFacts(a: Fact, b: Fact): Fact {
  if (a === b) return a;
  if (a.kind === 'tensor' && b.kind === 'tensor') return mergeTensors(a, b);
  if (a.kind === 'sequence' && b.kind === 'sequence') {
    // An empty sequence says nothing about its elements.
    if (a.elements?.length === 0 && a.element.kind === 'unknown') return { kind: 'sequence', element: b.element };
    if (b.elements?.length === 0 && b.element.kind === 'unknown') return { kind: 'sequence', element: a.element };
    return { kind: 'sequence', element: mergeFacts(a.element, b.element) };
  }
  if (a.kind === 'optional' && b.kind === 'optional') {
    const present = a.present === b.present ? a.present : undefined;
    return { kind: 'optional', element: mergeFacts(a.element, b.element), ...(present === undefined ? {} : { present }) };
  }
  // A branch may give an optional where the other gives the value itself.
  if (a.kind === 'optional' && b.kind !== 'unknown') return { kind: 'optional', element: mergeFacts(a.element, b) };
  if (b.kind === 'optional' && a.kind !== 'unknown') return { kind: 'optional', element: mergeFacts(a, b.element) };
  return UNKNOWN;
}

/**
 * What a sequence may hold: tensors alone (ONNX, SequenceConstruct's T). Sequences of sequences would double the facts
 * of each step in a file that puts one into the next twice.
 */
export function sequenceElement(fact: Fact | null | undefined): Fact {
  return fact?.kind === 'tensor' ? fact : UNKNOWN;
}

/** True when two facts say the same. */
export function sameFact(a: Fact, b: Fact): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** What holds of every one of them; unknown for none. */
export function mergeAll(facts: readonly Fact[]): Fact {
  const [first, ...rest] = facts;
  return rest.reduce(mergeFacts, first ?? UNKNOWN);
}
