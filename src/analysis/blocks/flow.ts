import { isStatic, type Node } from '../../model';
import type { Fact } from '../../operators/rule';
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
  /** Numbers of the visible nodes: often half of all, or less. */
  readonly shown: readonly number[];
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

/** What is known of one value that the scope makes, reads or is given. */
interface Known {
  /** Number of the node that makes it; -1 for a value from outside. */
  producer: number;
  /** `undefined` for an outer value, and until the node that makes it was traced. */
  origin: Origin | undefined;
  readers: number[] | null;
  fact: Fact | undefined;
  /** `undefined` until asked for. */
  shape: readonly number[] | null | undefined;
  isOutput: boolean;
}

/** The values of a scope by name; what is asked for is mostly what was asked for last. */
class Values {
  private readonly known = new Map<string, Known>();
  private lastName = '';
  private last: Known | undefined;

  get(name: string): Known | undefined {
    if (name !== this.lastName) {
      this.last = this.known.get(name);
      this.lastName = name;
    }
    return this.last;
  }

  at(name: string): Known {
    const known = this.get(name);
    if (known) return known;
    const fresh: Known = { producer: -1, origin: undefined, readers: null, fact: undefined, shape: undefined, isOutput: false };
    this.known.set(name, fresh);
    this.last = fresh;
    return fresh;
  }
}

interface Draft {
  readonly nodes: readonly Node[];
  readonly reads: readonly (readonly string[])[];
  readonly values: Values;
  readonly visible: boolean[];
}

function originOf(node: Node, reads: readonly string[], origin: (value: string) => Origin): Origin {
  let result: Origin = 'constant';
  for (let at = 0; at < reads.length; at++) {
    const name = reads[at] ?? '';
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

function originIn(values: Values, outer: Flow | null, name: string): Origin {
  const known = values.get(name);
  if (known?.origin) return known.origin;
  return known && known.producer >= 0 ? 'data' : (outer?.origin(name) ?? 'data');
}

/** Origins of what the scope is given: its inputs and constants. */
function giveOrigins(scope: ScopeShapes, outer: Flow | null, values: Values): void {
  scope.inputs.forEach((name, at) => {
    values.at(name).origin = inputOrigin(scope, at, outer);
  });
  for (const tensor of scope.graph?.initializers ?? []) values.at(tensor.name).origin = 'constant';
  for (const tensor of scope.graph?.sparseInitializers ?? []) values.at(tensor.name).origin = 'constant';
}

/** Goes by index over names: in a fresh process, an iterator per node costs more than the look-ups. */
function trace(scope: ScopeShapes, outer: Flow | null): Draft {
  const nodes = sortedNodes(scope);
  const reads = nodes.map((node) => (scope.bodies.has(node) ? [...node.inputs, ...captured(scope, node)] : node.inputs));
  const values = new Values();
  nodes.forEach(({ outputs }, index) => {
    for (let at = 0; at < outputs.length; at++) {
      const name = outputs[at] ?? '';
      if (name === '') continue;
      const value = values.at(name);
      if (value.producer < 0) value.producer = index;
    }
  });
  giveOrigins(scope, outer, values);
  for (const name of scope.outputs) values.at(name).isOutput = true;
  const look = (value: string): Origin => originIn(values, outer, value);
  const visible = nodes.map((node, index) => {
    const origin = originOf(node, reads[index] ?? [], look);
    const { outputs } = node;
    let handedOut = false;
    for (let at = 0; at < outputs.length; at++) {
      const name = outputs[at] ?? '';
      if (name === '') continue;
      const value = values.at(name);
      value.origin = origin;
      handedOut ||= value.isOutput;
    }
    return origin === 'data' || handedOut;
  });
  return { nodes, reads, values, visible };
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

interface Links {
  readonly before: readonly (readonly number[])[];
  readonly after: readonly (readonly number[])[];
}

/** Links nodes by the data they pass, and notes each value's readers. */
function link({ nodes, reads, values, visible }: Draft): Links {
  const before: (readonly number[])[] = nodes.map(() => NONE);
  const after: (number[] | undefined)[] = nodes.map(() => undefined);
  const sources: number[] = [];
  reads.forEach((names, index) => {
    sources.length = 0;
    for (let at = 0; at < names.length; at++) {
      const name = names[at] ?? '';
      if (name === '') continue;
      const value = values.at(name);
      const { readers, producer } = value;
      if (!readers) value.readers = [index];
      else if (readers[readers.length - 1] !== index) readers.push(index);
      if (producer < 0 || producer === index || !visible[producer] || !visible[index] || sources.includes(producer)) continue;
      sources.push(producer);
      const others = after[producer];
      if (others) others.push(index);
      else after[producer] = [index];
    }
    if (sources.length > 0) before[index] = sources.slice();
  });
  return { before, after: after.map((readers) => readers ?? NONE) };
}

function numbersOf(marks: readonly boolean[]): readonly number[] {
  const found: number[] = [];
  for (let index = 0; index < marks.length; index++) if (marks[index]) found.push(index);
  return found;
}

function readFlow(shapes: ShapeResult, scope: ScopeShapes, outer: Flow | null): Flow {
  const draft = trace(scope, outer);
  const { nodes, reads, values, visible } = draft;
  const { before, after } = link(draft);
  const factOf = (value: string): Fact => {
    const known = values.get(value);
    if (!known) return shapes.fact(value, scope);
    known.fact ??= shapes.fact(value, scope);
    return known.fact;
  };
  const shapeOf = (value: string): readonly number[] | null => {
    const fact = factOf(value);
    return fact.kind === 'tensor' && fact.shape && isStatic(fact.shape) ? fact.shape : null;
  };
  return {
    scope,
    nodes,
    ids: nodes.map((node) => instanceId(scope, node)),
    visible,
    shown: numbersOf(visible),
    reads,
    before,
    after,
    producer: (value) => values.get(value)?.producer ?? -1,
    readers: (value) => values.get(value)?.readers ?? NONE,
    origin: (value) => originIn(values, outer, value),
    shape: (value) => {
      const known = values.get(value);
      if (!known) return shapeOf(value);
      if (known.shape === undefined) known.shape = shapeOf(value);
      return known.shape;
    },
    constants: (value) => {
      const fact = factOf(value);
      const data = fact.kind === 'tensor' ? fact.data : undefined;
      return data && isStatic(data) ? data : null;
    },
    isFloat: (value) => {
      const fact = factOf(value);
      return fact.kind === 'tensor' && (fact.dtype.startsWith('float') || fact.dtype === 'bfloat16');
    },
    isOutput: (value) => values.get(value)?.isOutput ?? false,
  };
}
