import { isStatic, type Node } from '../../model';
import { instanceId, type ScopeShapes, type ShapeResult } from '../shapes/types';

/**
 * Where a value comes from: initialisers and constants alone, extents of other
 * values (shape arithmetic), or the model's inputs.
 */
export type Origin = 'constant' | 'shape' | 'data';

/**
 * One scope (main graph, subgraph or function call) as integers: nodes in
 * topological order are numbered from 0, and edges are those that carry data.
 */
export interface Flow {
  readonly scope: ScopeShapes;
  readonly nodes: readonly Node[];
  /** Instance ids, by number. */
  readonly ids: readonly string[];
  /** True where a node passes data on; the others are constants and shape arithmetic. */
  readonly visible: readonly boolean[];
  /** Names a node reads: its inputs, and outer values that its bodies use. */
  readonly reads: readonly (readonly string[])[];
  /** Producers of a node's data inputs, once each, those outside left out. */
  readonly before: readonly (readonly number[])[];
  /** Readers of a node's data outputs, once each, in topological order. */
  readonly after: readonly (readonly number[])[];
  /** Number of the node that makes a value; -1 for inputs, initialisers and outer values. */
  producer(value: string): number;
  /** Numbers of all nodes that read a value. */
  readers(value: string): readonly number[];
  origin(value: string): Origin;
  /** Extents, where all are known. */
  shape(value: string): readonly number[] | null;
  /** Known integers or floats of a small constant or shape tensor, row-major; `null` where any is unknown. */
  constants(value: string): readonly number[] | null;
  /** True for values known to hold floating point numbers. */
  isFloat(value: string): boolean;
  /** True where a value is an output of the scope. */
  isOutput(value: string): boolean;
}

const SHAPE_OPS = new Set(['Shape', 'Size']);
const NONE: readonly number[] = [];

function sortedNodes(scope: ScopeShapes): readonly Node[] {
  if (scope.order.length === scope.nodes.length) return scope.order;
  const seen = new Set(scope.order);
  return [...scope.order, ...scope.nodes.filter((node) => !seen.has(node))];
}

/** Outer values that a node's subgraphs read count as its inputs. */
function captured(scope: ScopeShapes, node: Node): readonly string[] {
  const bodies = scope.bodies.get(node);
  if (!bodies) return [];
  const names = new Set<string>();
  for (const body of bodies) {
    if (!body.graph) continue;
    for (const inner of body.nodes) {
      for (const name of [...inner.inputs, ...captured(body, inner)]) if (name !== '' && !body.facts.has(name)) names.add(name);
    }
  }
  return [...names];
}

interface Draft {
  readonly nodes: readonly Node[];
  readonly reads: readonly (readonly string[])[];
  readonly producers: Map<string, number>;
  readonly origins: Map<string, Origin>;
  readonly visible: boolean[];
}

function originOf(node: Node, reads: readonly string[], origin: (value: string) => Origin): Origin {
  let result: Origin = 'constant';
  for (const name of reads) {
    const from = name === '' ? 'constant' : origin(name);
    if (from === 'data') return SHAPE_OPS.has(node.op) ? 'shape' : 'data';
    if (from === 'shape') result = 'shape';
  }
  return result;
}

/** A function's parameters are what its caller passes; everything else that comes in is data. */
function inputOrigin(scope: ScopeShapes, at: number, outer: Flow | null): Origin {
  if (!outer || !scope.owner || scope.graph) return 'data';
  const given = scope.owner.inputs[at] ?? '';
  return given === '' ? 'constant' : outer.origin(given);
}

function trace(scope: ScopeShapes, outer: Flow | null): Draft {
  const nodes = sortedNodes(scope);
  const reads = nodes.map((node) => {
    const extra = captured(scope, node);
    return extra.length === 0 ? node.inputs : [...node.inputs, ...extra];
  });
  const producers = new Map<string, number>();
  nodes.forEach((node, index) => {
    for (const name of node.outputs) if (name !== '' && !producers.has(name)) producers.set(name, index);
  });
  const origins = new Map<string, Origin>();
  scope.inputs.forEach((name, at) => {
    origins.set(name, inputOrigin(scope, at, outer));
  });
  for (const tensor of scope.graph?.initializers ?? []) origins.set(tensor.name, 'constant');
  for (const tensor of scope.graph?.sparseInitializers ?? []) origins.set(tensor.name, 'constant');
  const outputs = new Set(scope.outputs);
  const look = (value: string): Origin => origins.get(value) ?? (producers.has(value) ? 'data' : (outer?.origin(value) ?? 'data'));
  const visible = nodes.map((node, index) => {
    const origin = originOf(node, reads[index] ?? [], look);
    for (const name of node.outputs) if (name !== '') origins.set(name, origin);
    return origin === 'data' || node.outputs.some((name) => outputs.has(name));
  });
  return { nodes, reads, producers, origins, visible };
}

const FLOWS = new WeakMap<ScopeShapes, Flow>();

/** Numbers the nodes of a scope and links them by the data they pass, in linear time, once per scope. */
export function flowOf(shapes: ShapeResult, scope: ScopeShapes, outer: Flow | null): Flow {
  const known = FLOWS.get(scope);
  if (known) return known;
  const flow = readFlow(shapes, scope, outer);
  FLOWS.set(scope, flow);
  return flow;
}

function readFlow(shapes: ShapeResult, scope: ScopeShapes, outer: Flow | null): Flow {
  const { nodes, reads, producers, origins, visible } = trace(scope, outer);
  const before: number[][] = nodes.map(() => []);
  const after: number[][] = nodes.map(() => []);
  const readers = new Map<string, number[]>();
  reads.forEach((names, index) => {
    for (const name of names) {
      if (name === '') continue;
      const list = readers.get(name);
      if (!list) readers.set(name, [index]);
      else if (list[list.length - 1] !== index) list.push(index);
      const from = producers.get(name);
      if (from === undefined || from === index || !visible[from] || !visible[index]) continue;
      const sources = before[index];
      if (!sources || sources.includes(from)) continue;
      sources.push(from);
      after[from]?.push(index);
    }
  });
  const outputs = new Set(scope.outputs);
  const extents = new Map<string, readonly number[] | null>();
  const shapeOf = (value: string): readonly number[] | null => {
    const fact = shapes.fact(value, scope);
    return fact.kind === 'tensor' && fact.shape && isStatic(fact.shape) ? fact.shape : null;
  };
  return {
    scope,
    nodes,
    ids: nodes.map((node) => instanceId(scope, node)),
    visible,
    reads,
    before,
    after,
    producer: (value) => producers.get(value) ?? -1,
    readers: (value) => readers.get(value) ?? NONE,
    origin: (value) => origins.get(value) ?? (producers.has(value) ? 'data' : (outer?.origin(value) ?? 'data')),
    shape: (value) => {
      let extent = extents.get(value);
      if (extent === undefined) {
        extent = shapeOf(value);
        extents.set(value, extent);
      }
      return extent;
    },
    constants: (value) => {
      const fact = shapes.fact(value, scope);
      const data = fact.kind === 'tensor' ? fact.data : undefined;
      return data && isStatic(data) ? data : null;
    },
    isFloat: (value) => {
      const fact = shapes.fact(value, scope);
      return fact.kind === 'tensor' && (fact.dtype.startsWith('float') || fact.dtype === 'bfloat16');
    },
    isOutput: (value) => outputs.has(value),
  };
}
