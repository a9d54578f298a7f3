import type { Dim, DType, Graph, Shape, Value } from '../../model';
import { noArithmetic } from '../common/costs';
import { operator } from '../common/define';
import * as meaning from '../common/meanings';
import { mergeFacts, sameFact, sequenceElement } from '../common/mergeFacts';
import { knownScalar, normalizeAxis, tensorFact } from '../common/shapes';
import { scanInputs, tripCount } from '../common/tripCount';
import { type Fact, type KnownData, type Operator, type ShapeContext, type ShapeRule, type TensorFact, UNKNOWN } from '../rule';

/** Loops of at most this many turns are followed turn by turn, which keeps growing state exact. */
const MAX_UNROLLED_TURNS = 64;
const MAX_UNROLLED_NODES = 4096;
/** Rounds after which state that still changes counts as unknown. */
const MAX_ROUNDS = 4;

function body(context: ShapeContext, name: string): Graph | null {
  const attribute = context.attributes.get(name);
  if (attribute?.kind === 'graph') return attribute.value;
  context.report('body', `has no body graph "${name}".`);
  return null;
}

/** A known condition chooses its branch, and the other is dead: nothing is asked of it. Else what holds of both. */
const conditional: ShapeRule = (context) => {
  const thenGraph = body(context, 'then_branch');
  const elseGraph = body(context, 'else_branch');
  if (!thenGraph || !elseGraph) return [];
  const condition = knownScalar(context.tensor(0));
  if (condition !== null) return context.infer(condition !== 0 ? thenGraph : elseGraph, []);
  const whenTrue = context.infer(thenGraph, []);
  const whenFalse = context.infer(elseGraph, []);
  return whenTrue.map((fact, index) => mergeFacts(fact, whenFalse[index] ?? UNKNOWN));
};

function withoutData(fact: Fact): Fact {
  return fact.kind === 'tensor' && fact.data ? { kind: 'tensor', dtype: fact.dtype, shape: fact.shape } : fact;
}

/** State that holds in every turn: inferred, widened by what the turn makes of it, until it no longer changes. */
function settle(initial: readonly Fact[], turn: (state: readonly Fact[]) => readonly Fact[]): readonly Fact[] {
  let state = initial;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = turn(state);
    const merged = state.map((fact, i) => mergeFacts(fact, next[i] ?? UNKNOWN));
    if (merged.every((fact, i) => sameFact(fact, state[i] ?? UNKNOWN))) return state;
    state = merged;
  }
  const open = state.map((fact): Fact => (fact.kind === 'tensor' ? { kind: 'tensor', dtype: fact.dtype, shape: null } : withoutData(fact)));
  turn(open);
  return open;
}

function stacked(fact: Fact, turns: Dim, axis = 0): Fact {
  if (fact.kind !== 'tensor') return UNKNOWN;
  if (!fact.shape) return tensorFact(fact.dtype, null);
  const at = normalizeAxis(axis, fact.shape.length + 1) ?? 0;
  return tensorFact(fact.dtype, [...fact.shape.slice(0, at), turns, ...fact.shape.slice(at)]);
}

/** A scalar that a loop makes for its body; ONNX Runtime makes it a vector of one where the body declares one. */
function asDeclared(dtype: DType, formal: Value | undefined, data: KnownData | null): TensorFact {
  const declared = formal?.type.kind === 'tensor' ? formal.type.shape : null;
  return tensorFact(dtype, declared?.length === 1 ? [1] : [], data);
}

function loopTurn(context: ShapeContext, graph: Graph, index: Dim, state: readonly Fact[]): readonly Fact[] {
  const known = index === null ? null : [index];
  return context.infer(graph, [asDeclared('int64', graph.inputs[0], known), asDeclared('bool', graph.inputs[1], [1]), ...state]);
}

const loop: ShapeRule = (context) => {
  const graph = body(context, 'body');
  if (!graph) return [];
  const initial = context.node.inputs.slice(2).map((_, i) => context.inputs[i + 2] ?? UNKNOWN);
  const states = initial.length;
  if (!context.inputs[0] && !context.inputs[1]) {
    context.report('loop', 'has neither a trip count nor a condition to start from, so nothing but its body can end it.');
  }
  const unrolled = unroll(context, graph, initial);
  let outputs: readonly Fact[] = [];
  const settled = settle(initial, (state) => {
    outputs = loopTurn(context, graph, null, state);
    return outputs.slice(1);
  });
  if (unrolled) return unrolled;
  const turns = tripCount(context, 'loop', outputs[0] ?? null);
  const scans = outputs.slice(1 + states).map((fact) => stacked(fact, turns));
  return [...settled, ...scans];
};

/** Follows a short loop turn by turn; `null` when the number of turns is not known or too high. */
function unroll(context: ShapeContext, graph: Graph, initial: readonly Fact[]): readonly Fact[] | null {
  const limit = context.inputs[0] ? knownScalar(context.tensor(0)) : MAX_UNROLLED_TURNS;
  const start = context.inputs[1] ? knownScalar(context.tensor(1)) : 1;
  if (limit === null || start === null || limit > MAX_UNROLLED_TURNS) return null;
  if (limit * graph.nodes.length > MAX_UNROLLED_NODES) return null;
  let state = initial;
  let scans: readonly Fact[] | null = null;
  let going = start !== 0;
  let turns = 0;
  while (going && turns < limit) {
    const outputs = loopTurn(context, graph, turns, state);
    const goesOn = outputs[0]?.kind === 'tensor' ? knownScalar(outputs[0]) : null;
    if (goesOn === null && turns + 1 < limit) return null;
    const made = outputs.slice(1 + initial.length);
    scans = scans ? scans.map((fact, i) => mergeFacts(fact, made[i] ?? UNKNOWN)) : made;
    state = outputs.slice(1, 1 + initial.length);
    turns++;
    going = goesOn !== 0;
  }
  // Without a trip count, a loop that still runs at the limit has no known end.
  if (going && !context.inputs[0]) return null;
  const none = graph.outputs.slice(1 + initial.length).map((): Fact => UNKNOWN);
  return [...state, ...(scans ?? none).map((fact) => stacked(fact, turns))];
}

function dropAxes(fact: Fact | null | undefined, axes: readonly number[]): Fact {
  if (fact?.kind !== 'tensor') return UNKNOWN;
  const { shape, dtype } = fact;
  if (!shape) return tensorFact(dtype, null);
  const normal = axes.map((axis) => normalizeAxis(axis, shape.length));
  return tensorFact(
    dtype,
    shape.filter((_, axis) => !normal.includes(axis)),
  );
}

function prepend(fact: Fact, dims: Shape): Fact {
  return fact.kind === 'tensor' ? tensorFact(fact.dtype, fact.shape ? [...dims, ...fact.shape] : null) : UNKNOWN;
}

/** Version 8: every state and scanned input has a leading batch axis, and time is axis 1. */
const batchedScan: ShapeRule = (context) => {
  const graph = body(context, 'body');
  if (!graph) return [];
  const { first } = scanInputs(context);
  const scanned = context.inputs.slice(first);
  const batch = scanned[0]?.kind === 'tensor' ? (scanned[0].shape?.[0] ?? null) : null;
  const initial = context.inputs.slice(1, first).map((fact) => dropAxes(fact, [0]));
  const slices = scanned.map((fact) => dropAxes(fact, [0, 1]));
  let outputs: readonly Fact[] = [];
  const settled = settle(initial, (state) => {
    outputs = context.infer(graph, [...state, ...slices]);
    return outputs;
  });
  const turns = tripCount(context, 'scan', null);
  const scans = outputs.slice(initial.length).map((fact) => prepend(fact, [batch, turns]));
  return [...settled.map((fact) => prepend(fact, [batch])), ...scans];
};

const scan: ShapeRule = (context) => {
  const graph = body(context, 'body');
  if (!graph) return [];
  const { first, axes } = scanInputs(context);
  const initial = context.inputs.slice(0, first).map((fact) => withoutData(fact ?? UNKNOWN));
  const slices = context.inputs.slice(first).map((fact, i) => dropAxes(fact, [axes[i] ?? 0]));
  let outputs: readonly Fact[] = [];
  const settled = settle(initial, (state) => {
    outputs = context.infer(graph, [...state, ...slices]);
    return outputs;
  });
  const turns = tripCount(context, 'scan', null);
  const along = context.attributes.ints('scan_output_axes') ?? [];
  return [...settled, ...outputs.slice(initial.length).map((fact, i) => stacked(fact, turns, along[i] ?? 0))];
};

/** The body once per element of the first sequence, tensors passed whole to each. */
const sequenceMap: ShapeRule = (context) => {
  const graph = body(context, 'body');
  if (!graph) return [];
  const turns = tripCount(context, 'mapSequence', null);
  const elementsAt = (index: number | null) =>
    context.inputs.map((fact): Fact => {
      if (fact?.kind !== 'sequence') return fact ?? UNKNOWN;
      return index === null ? fact.element : (fact.elements?.[index] ?? fact.element);
    });
  const common = context.infer(graph, elementsAt(null));
  if (typeof turns !== 'number' || turns > MAX_UNROLLED_TURNS || turns * graph.nodes.length > MAX_UNROLLED_NODES) {
    return common.map((fact) => ({ kind: 'sequence', element: sequenceElement(fact) }));
  }
  const perTurn = Array.from({ length: turns }, (_, index) => context.infer(graph, elementsAt(index)));
  context.infer(graph, elementsAt(null));
  return common.map((fact, output) => ({
    kind: 'sequence',
    element: sequenceElement(fact),
    elements: perTurn.map((outputs) => sequenceElement(outputs[output])),
  }));
};

/** Operators with bodies. What the bodies cost is added by the cost analysis, which knows their nodes. */
export const CONTROL_FLOW: readonly Operator[] = meaning.means(
  {
    If: meaning.control('branch'),
    Loop: meaning.control('loop', { bodyOutputs: 1 }),
    'Scan-8': meaning.control('scan', { ownInputs: 1 }),
    'Scan-9': meaning.control('scan'),
    SequenceMap: meaning.control('mapSequence'),
  },
  [
    operator('If', 1, conditional, noArithmetic),
    operator('Loop', 1, loop, noArithmetic),
    operator('Scan', 8, batchedScan, noArithmetic),
    operator('Scan', 9, scan, noArithmetic),
    operator('SequenceMap', 17, sequenceMap, noArithmetic),
  ],
);
