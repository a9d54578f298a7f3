import type { Draft } from './draft';
import type { Flow } from './flow';

const MAX_TEXT = 200;

function attributeText(flow: Flow, index: number): string {
  const attributes = flow.nodes[index]?.attributes ?? {};
  const names = Object.keys(attributes);
  if (names.length === 0) return '';
  return names
    .sort()
    .map((name) => {
      const attribute = attributes[name];
      if (!attribute) return '';
      const { kind } = attribute;
      const plain = kind === 'int' || kind === 'float' || kind === 'string' || kind === 'ints' || kind === 'floats' || kind === 'strings';
      return plain ? `${name}=${String(attribute.value).slice(0, MAX_TEXT)}` : `${name}:${kind}`;
    })
    .join();
}

/** A shape, `null` where it is not known. */
type Extents = readonly number[] | null;

/**
 * Everything that makes two blocks the same but names and weights: operators,
 * attributes, wiring, shapes of weights and results. What is equal is equal
 * part by part, so there is no hash that could collide.
 */
interface Structure {
  readonly nodes: readonly number[];
  /** Of each input in turn: which output of which node here, which outer value (below 0, as they come up), or a constant's shape. */
  readonly wires: readonly (number | Extents)[];
  /** By node. */
  readonly attributes: readonly string[];
  /** Of each output in turn. */
  readonly results: readonly Extents[];
}

const OMITTED = -1;
/** More outputs than any operator has that stands in a block. */
const MAX_OUTPUTS = 4096;

function visibleNodes(flow: Flow, block: Draft | undefined): readonly number[] {
  const nodes: number[] = [];
  for (const index of block?.nodes ?? []) if (flow.visible[index]) nodes.push(index);
  return nodes.sort((a, b) => a - b);
}

function structureOf(flow: Flow, nodes: readonly number[]): Structure {
  const place = new Map(nodes.map((index, at) => [index, at]));
  const outside = new Map<string, number>();
  const wire = (name: string): number | Extents => {
    if (name === '') return OMITTED;
    const producer = flow.producer(name);
    const at = place.get(producer);
    if (at !== undefined) return at * MAX_OUTPUTS + (flow.nodes[producer]?.outputs.indexOf(name) ?? 0);
    if (flow.origin(name) !== 'data') return flow.shape(name);
    const known = outside.get(name) ?? OMITTED - 1 - outside.size;
    outside.set(name, known);
    return known;
  };
  const wires: (number | Extents)[] = [];
  const results: Extents[] = [];
  for (const index of nodes) {
    const node = flow.nodes[index];
    for (const name of node?.inputs ?? []) wires.push(wire(name));
    for (const name of node?.outputs ?? []) results.push(flow.shape(name));
  }
  return { nodes, wires, attributes: nodes.map((index) => attributeText(flow, index)), results };
}

function sameExtents(left: number | Extents | undefined, right: number | Extents | undefined): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  return left.length === right.length && left.every((size, axis) => size === right[axis]);
}

/** True where nodes are of the same operators with as many inputs and outputs, one by one. */
function sameOperators(flow: Flow, left: readonly number[], right: readonly number[]): boolean {
  if (left.length !== right.length) return false;
  return left.every((index, at) => {
    const [a, b] = [flow.nodes[index], flow.nodes[right[at] ?? -1]];
    if (!a || !b || a.op !== b.op || a.domain !== b.domain) return false;
    return a.inputs.length === b.inputs.length && a.outputs.length === b.outputs.length;
  });
}

function sameStructure(left: Structure, right: Structure): boolean {
  return (
    left.wires.every((wire, at) => sameExtents(wire, right.wires[at])) &&
    left.results.every((extents, at) => sameExtents(extents, right.results[at])) &&
    left.attributes.every((text, at) => text === right.attributes[at])
  );
}

/** Finds out about each place of a list when first asked. */
function once<T>(find: (at: number) => T): (at: number) => T {
  const found = new Map<number, T>();
  return (at) => {
    const known = found.get(at) ?? find(at);
    found.set(at, known);
    return known;
  };
}

/** For each of a list of neighbours, how many equal ones it begins; 1 for those that follow an equal one, too. */
export function countRepeats(flow: Flow, neighbours: readonly Draft[]): readonly number[] {
  const nodes = once((at) => visibleNodes(flow, neighbours[at]));
  const structure = once((at) => structureOf(flow, nodes(at)));
  const equal = (left: number, right: number): boolean => {
    if (neighbours[left]?.kind !== neighbours[right]?.kind) return false;
    return sameOperators(flow, nodes(left), nodes(right)) && sameStructure(structure(left), structure(right));
  };
  const repeats = neighbours.map(() => 1);
  for (let start = 0; start < neighbours.length; ) {
    let end = start + 1;
    while (end < neighbours.length && equal(start, end)) end++;
    repeats[start] = end - start;
    start = end;
  }
  return repeats;
}
