import type { Wiring } from '../../graph';
import { isStatic, type Node } from '../../model';
import { isAmong, type Meaning, words } from '../../operators/meaning';
import { meaningOf } from '../../operators/registry';
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
  /** What each node means; `null` for an operator nobody knows. */
  readonly meanings: readonly (Meaning | null)[];
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
  /** The same by number; -1 stands for an omitted value. */
  originAt(value: number): Origin;
  /** Extents, where all are known. */
  shape(value: string): readonly number[] | null;
  /** The same by number; `null` for an omitted value. */
  shapeAt(value: number): readonly number[] | null;
  /** Known integers or floats of a small constant or shape tensor, row-major; `null` where any is unknown. */
  constants(value: string): readonly number[] | null;
  /** True for values known to hold floating point numbers. */
  isFloat(value: string): boolean;
  /** True where a value is an output of the scope. */
  isOutput(value: string): boolean;
  /** The same by number. */
  isOutputAt(value: number): boolean;
}

/** Number of the value that is a node's input; -1 for one that is omitted or not there. */
export function inputAt({ scope }: Flow, index: number, input: number): number {
  const { starts, items } = scope.wiring.inputs;
  const at = (starts[index] as number) + input;
  return input >= 0 && at < (starts[index + 1] as number) ? (items[at] as number) : -1;
}

/** Number of the value that is a node's output; -1 for one that is omitted or not there. */
export function outputAt({ scope }: Flow, index: number, output: number): number {
  const { starts, items } = scope.wiring.outputs;
  const at = (starts[index] as number) + output;
  return at < (starts[index + 1] as number) ? (items[at] as number) : -1;
}

/** They read how large a value is, and nothing of what it holds. */
const EXTENTS = words('shape', 'size');
const NONE: readonly number[] = [];
/** Origins as they are kept by value; 0 stands for one not known here. */
const ORIGINS: readonly Origin[] = ['data', 'constant', 'shape', 'data'];
const [UNSET, CONSTANT, SHAPE, DATA] = [0, 1, 2, 3];

/** Where the values of one scope come from, and which of its nodes pass data on. */
interface Trace {
  /** By value number; `UNSET` for outer values. */
  readonly origins: Uint8Array;
  readonly isOutput: Uint8Array;
  readonly visible: boolean[];
}

/** A function's parameters are what its caller passes; everything else that comes in is data. */
function inputOrigin(scope: ScopeShapes, at: number, outer: Flow | null): number {
  if (!outer || !scope.owner || scope.graph) return DATA;
  const given = scope.owner.inputs[at] ?? '';
  return given === '' ? CONSTANT : ORIGINS.indexOf(outer.origin(given), 1);
}

/** Origins of what the scope is given: its inputs and constants. */
function giveOrigins(scope: ScopeShapes, outer: Flow | null, origins: Uint8Array): void {
  const give = (name: string, origin: number): void => {
    const value = scope.wiring.value(name);
    if (value >= 0) origins[value] = origin;
  };
  scope.inputs.forEach((name, at) => {
    give(name, inputOrigin(scope, at, outer));
  });
  for (const tensor of scope.graph?.initializers ?? []) give(tensor.name, CONSTANT);
  for (const tensor of scope.graph?.sparseInitializers ?? []) give(tensor.name, CONSTANT);
}

function originOf(value: number, { wiring }: ScopeShapes, outer: Flow | null, origins: Uint8Array): number {
  const known = origins[value] as number;
  if (known !== UNSET || !outer || (wiring.producer[value] as number) >= 0) return known === UNSET ? DATA : known;
  return ORIGINS.indexOf(outer.origin(wiring.values[value] as string), 1);
}

function trace(scope: ScopeShapes, outer: Flow | null, meanings: readonly (Meaning | null)[]): Trace {
  const { nodes, reads, outputs, values } = scope.wiring;
  const origins = new Uint8Array(values.length);
  const isOutput = new Uint8Array(values.length);
  giveOrigins(scope, outer, origins);
  for (const name of scope.outputs) isOutput[scope.wiring.value(name)] = 1;
  const visible = nodes.map((_, index) => {
    let origin = CONSTANT;
    for (let at = reads.starts[index] as number; at < (reads.starts[index + 1] as number) && origin !== DATA; at++) {
      const value = reads.items[at] as number;
      const from = value < 0 ? CONSTANT : originOf(value, scope, outer, origins);
      if (from > origin) origin = from;
    }
    if (origin === DATA && isAmong(meanings[index] ?? null, EXTENTS)) origin = SHAPE;
    let handedOut = false;
    for (let at = outputs.starts[index] as number; at < (outputs.starts[index + 1] as number); at++) {
      const value = outputs.items[at] as number;
      if (value < 0) continue;
      origins[value] = origin;
      handedOut ||= isOutput[value] === 1;
    }
    return origin === DATA || handedOut;
  });
  return { origins, isOutput, visible };
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

/** Links nodes by the data they pass. */
function link({ nodes, reads, producer }: Wiring, visible: readonly boolean[]): Links {
  const before: (readonly number[])[] = new Array(nodes.length).fill(NONE);
  const after: (readonly number[])[] = new Array(nodes.length).fill(NONE);
  const sources: number[] = [];
  /** By node, the last reader that it was listed for. */
  const listedFor = new Int32Array(nodes.length).fill(-1);
  for (let index = 0; index < nodes.length; index++) {
    if (!visible[index]) continue;
    sources.length = 0;
    for (let at = reads.starts[index] as number; at < (reads.starts[index + 1] as number); at++) {
      const value = reads.items[at] as number;
      const source = value < 0 ? -1 : (producer[value] as number);
      if (source < 0 || source === index || !visible[source] || listedFor[source] === index) continue;
      listedFor[source] = index;
      sources.push(source);
      const others = after[source] as number[];
      if (others === NONE) after[source] = [index];
      else others.push(index);
    }
    if (sources.length > 0) before[index] = sources.slice();
  }
  return { before, after };
}

function numbersOf(marks: readonly boolean[]): readonly number[] {
  const found: number[] = [];
  for (let index = 0; index < marks.length; index++) if (marks[index]) found.push(index);
  return found;
}

/** Names a node reads, where its bodies capture some. */
function namesRead({ nodes, inputs, reads, values }: Wiring): readonly (readonly string[])[] {
  if (reads === inputs) return nodes.map((node) => node.inputs);
  return nodes.map((_, index) =>
    Array.from(reads.items.subarray(reads.starts[index], reads.starts[index + 1]), (value) => values[value] ?? ''),
  );
}

/** Extents of a tensor, where all are known. */
function extentsOf(fact: Fact): readonly number[] | null {
  return fact.kind === 'tensor' && fact.shape && isStatic(fact.shape) ? fact.shape : null;
}

/** Links the nodes of a scope; `flowOf` keeps the result. */
export function readFlow(shapes: ShapeResult, scope: ScopeShapes, outer: Flow | null): Flow {
  const { wiring } = scope;
  const meanings = wiring.nodes.map((node) => meaningOf(node, scope.opsets));
  const { origins, isOutput, visible } = trace(scope, outer, meanings);
  const { before, after } = link(wiring, visible);
  const shapesOf: (readonly number[] | null | undefined)[] = new Array(wiring.values.length).fill(undefined);
  const readers: (readonly number[] | undefined)[] = new Array(wiring.values.length).fill(undefined);
  const factOf = (value: string): Fact => scope.facts.get(value) ?? shapes.fact(value, scope);
  const originAt = (value: number): Origin => (value < 0 ? 'data' : (ORIGINS[originOf(value, scope, outer, origins)] ?? 'data'));
  const shapeAt = (value: number): readonly number[] | null => {
    if (value < 0) return null;
    const known = shapesOf[value];
    if (known !== undefined) return known;
    const found = extentsOf(scope.facts.at(value) ?? shapes.fact(wiring.values[value] as string, scope));
    shapesOf[value] = found;
    return found;
  };
  let last = '';
  let lastNumber = wiring.value(last);
  /** What is asked for is mostly what was asked for last. */
  const numberOf = (name: string): number => {
    if (name !== last) {
      last = name;
      lastNumber = wiring.value(name);
    }
    return lastNumber;
  };
  return {
    scope,
    nodes: wiring.nodes,
    meanings,
    ids: wiring.nodes.map((node) => instanceId(scope, node)),
    visible,
    shown: numbersOf(visible),
    reads: namesRead(wiring),
    before,
    after,
    producer: (value) => wiring.producer[numberOf(value)] ?? -1,
    readers: (name) => {
      const value = numberOf(name);
      if (value < 0) return NONE;
      const { starts, items } = wiring.readers();
      readers[value] ??= Array.from(items.subarray(starts[value], starts[value + 1]));
      return readers[value];
    },
    origin: (name) => {
      const value = numberOf(name);
      return value < 0 ? (outer?.origin(name) ?? 'data') : originAt(value);
    },
    originAt,
    shape: (name) => {
      const value = numberOf(name);
      return value < 0 ? extentsOf(factOf(name)) : shapeAt(value);
    },
    shapeAt,
    constants: (value) => {
      const fact = factOf(value);
      const data = fact.kind === 'tensor' ? fact.data : undefined;
      return data && isStatic(data) ? data : null;
    },
    isFloat: (value) => {
      const fact = factOf(value);
      return fact.kind === 'tensor' && (fact.dtype.startsWith('float') || fact.dtype === 'bfloat16');
    },
    isOutput: (value) => isOutput[numberOf(value)] === 1,
    isOutputAt: (value) => isOutput[value] === 1,
  };
}
