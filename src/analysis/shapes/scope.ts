import { type Wiring, wiringOf } from '../../graph';
import type { FunctionDefinition, Graph, Node } from '../../model';
import type { AttributeScope } from '../../operators/attributes';
import type { Fact } from '../../operators/rule';
import type { FactPool } from './factPool';
import { FactTable } from './factTable';
import type { ScopeShapes } from './types';

/** A scope while it is being inferred: `ScopeShapes` with its maps open. */
export interface OpenScope extends ScopeShapes {
  readonly parent: OpenScope | null;
  readonly facts: FactTable;
  readonly bodies: Map<Node, ScopeShapes[]>;
  readonly cyclic: readonly Node[];
  /** Names of a function's inputs that the caller omits. */
  readonly omitted: ReadonlySet<string>;
  /** Nesting depth; the main graph's is 0. */
  readonly depth: number;
}

const NOTHING: ReadonlySet<string> = new Set();

/** Nodes in topological order, without those on a cycle. */
function orderOf({ nodes, sorted }: Wiring): readonly Node[] {
  return sorted === nodes.length ? nodes : nodes.slice(0, sorted);
}

/** The scope of a body: its inputs are what the node feeds, and outer values are seen through it. */
export function openGraph(
  graph: Graph,
  opsets: Readonly<Record<string, number>>,
  pool: FactPool,
  body?: { readonly parent: OpenScope; readonly owner: Node; readonly id: string },
): OpenScope {
  const wiring = wiringOf(graph);
  return {
    id: body?.id ?? '',
    parent: body?.parent ?? null,
    owner: body?.owner ?? null,
    nodes: graph.nodes,
    inputs: graph.inputs.map((value) => value.name),
    outputs: graph.outputs.map((value) => value.name),
    graph,
    call: body?.parent.call ?? '',
    prefix: body?.parent.prefix ?? '',
    opsets,
    attributes: body?.parent.attributes,
    wiring,
    facts: new FactTable(wiring, pool),
    classes: new Int32Array(wiring.nodes.length).fill(-1),
    order: orderOf(wiring),
    cyclic: wiring.nodes.slice(wiring.sorted),
    bodies: new Map(),
    omitted: NOTHING,
    depth: (body?.parent.depth ?? -1) + 1,
  };
}

/** The scope of a function's nodes: it sees the call's inputs and attributes, and nothing outside. */
export function openCall(
  definition: FunctionDefinition,
  pool: FactPool,
  call: { readonly parent: OpenScope; readonly owner: Node; readonly id: string; readonly attributes: AttributeScope },
): OpenScope {
  const wiring = wiringOf(definition);
  return {
    id: call.id,
    parent: call.parent,
    owner: call.owner,
    nodes: definition.nodes,
    inputs: definition.inputs,
    outputs: definition.outputs,
    graph: null,
    call: call.id,
    prefix: `f:${definition.domain}:${definition.name}:${definition.overload}/`,
    opsets: definition.opsets,
    attributes: call.attributes,
    wiring,
    facts: new FactTable(wiring, pool),
    classes: new Int32Array(wiring.nodes.length).fill(-1),
    order: orderOf(wiring),
    cyclic: wiring.nodes.slice(wiring.sorted),
    bodies: new Map(),
    omitted: new Set(definition.inputs.filter((_, index) => !call.owner.inputs[index])),
    depth: call.parent.depth + 1,
  };
}

/** A value as a node of the scope sees it: `undefined` where nobody makes it. Function bodies see no outer values. */
export function find(scope: ScopeShapes, name: string): Fact | undefined {
  let from: ScopeShapes | null = scope;
  while (from) {
    const fact = from.facts.get(name);
    if (fact) return fact;
    from = from.graph ? from.parent : null;
  }
  return undefined;
}

/** The same by the value's number in the scope. */
export function findAt(scope: ScopeShapes, value: number): Fact | undefined {
  const fact = scope.facts.at(value);
  if (fact || !scope.graph || !scope.parent) return fact;
  return find(scope.parent, scope.wiring.values[value] ?? '');
}
