import { type Draft, numbersIn } from './draft';
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

function sameExtents(left: Extents, right: Extents): boolean {
  if (left === right) return true;
  if (left === null || right === null || left.length !== right.length) return false;
  return left.every((size, axis) => size === right[axis]);
}

/** Numbers for values, in the order in which they are first asked for. */
function numbering(): (value: number) => number {
  const known = new Map<number, number>();
  return (value) => {
    const number = known.get(value) ?? known.size;
    known.set(value, number);
    return number;
  };
}

/**
 * Tells which blocks of a scope are the same in everything but names and weights: operators, attributes, wiring, shapes
 * of weights and results. What is called equal was compared part by part, so there is no hash that could collide.
 */
export class Repeats {
  /** By node: the list of nodes that it was last put into, and its place there. */
  private readonly list: Int32Array;
  private readonly place: Int32Array;
  private lists = 0;

  constructor(private readonly flow: Flow) {
    this.list = new Int32Array(flow.nodes.length);
    this.place = new Int32Array(flow.nodes.length);
  }

  /** For each of a list of neighbours, how many equal ones it begins; 1 for those that follow an equal one, too. */
  count(neighbours: readonly Draft[]): readonly number[] {
    const repeats = neighbours.map(() => 1);
    if (neighbours.length < 2) return repeats;
    let first = this.nodesOf(neighbours[0]);
    for (let start = 0; start < neighbours.length; ) {
      let end = start + 1;
      let next = first;
      for (; end < neighbours.length; end++) {
        next = this.nodesOf(neighbours[end]);
        if (neighbours[start]?.kind !== neighbours[end]?.kind || !this.areEqual(first, next)) break;
      }
      repeats[start] = end - start;
      start = end;
      first = next;
    }
    return repeats;
  }

  /** The nodes of a block that pass data on, ascending. Neighbours have none in common. */
  private nodesOf(block: Draft | undefined): Nodes {
    const { visible } = this.flow;
    const numbers = block ? numbersIn(block) : new Int32Array(0);
    let count = 0;
    for (let at = 0; at < numbers.length; at++) {
      const index = numbers[at] as number;
      if (visible[index]) numbers[count++] = index;
    }
    const nodes = numbers.subarray(0, count).sort();
    const list = ++this.lists;
    for (let at = 0; at < count; at++) {
      this.list[nodes[at] as number] = list;
      this.place[nodes[at] as number] = at;
    }
    return { nodes, list };
  }

  private areEqual(left: Nodes, right: Nodes): boolean {
    const count = left.nodes.length;
    if (count !== right.nodes.length) return false;
    for (let at = 0; at < count; at++) if (!this.isLike(left.nodes[at] as number, right.nodes[at] as number)) return false;
    const outsideLeft = numbering();
    const outsideRight = numbering();
    for (let at = 0; at < count; at++) {
      if (!this.areWiredAlike(left, right, at, outsideLeft, outsideRight)) return false;
    }
    return true;
  }

  /** True where two nodes are equal in all but what they read. */
  private isLike(left: number, right: number): boolean {
    const { flow } = this;
    const { classes, wiring } = flow.scope;
    // Of one class: equal in operator, attributes and every shape.
    if (classes[left] === classes[right] && (classes[left] as number) >= 0) return true;
    const [a, b] = [flow.nodes[left], flow.nodes[right]];
    if (!a || !b || a.op !== b.op || a.domain !== b.domain) return false;
    if (a.inputs.length !== b.inputs.length || a.outputs.length !== b.outputs.length) return false;
    const { starts, items } = wiring.outputs;
    for (let at = 0; at < a.outputs.length; at++) {
      const [value, other] = [items[(starts[left] as number) + at] as number, items[(starts[right] as number) + at] as number];
      if (!sameExtents(flow.shapeAt(value), flow.shapeAt(other))) return false;
    }
    return attributeText(flow, left) === attributeText(flow, right);
  }

  /** True where two nodes read the same outputs of the same places, outer values that come up as the same ones in turn, or constants of one shape. */
  private areWiredAlike(left: Nodes, right: Nodes, at: number, outsideLeft: Outside, outsideRight: Outside): boolean {
    const { flow } = this;
    const { starts, items } = flow.scope.wiring.inputs;
    const node = left.nodes[at] as number;
    const from = starts[node] as number;
    const otherFrom = starts[right.nodes[at] as number] as number;
    const count = (starts[node + 1] as number) - from;
    for (let input = 0; input < count; input++) {
      const value = items[from + input] as number;
      const otherValue = items[otherFrom + input] as number;
      if (value < 0 || otherValue < 0) {
        if (value !== otherValue) return false;
        continue;
      }
      const inner = this.placeOf(left, value);
      if (inner !== this.placeOf(right, otherValue)) return false;
      if (inner >= 0) {
        if (this.outputOf(value) !== this.outputOf(otherValue)) return false;
        continue;
      }
      const isData = flow.originAt(value) === 'data';
      if (isData !== (flow.originAt(otherValue) === 'data')) return false;
      if (isData ? outsideLeft(value) !== outsideRight(otherValue) : !sameExtents(flow.shapeAt(value), flow.shapeAt(otherValue)))
        return false;
    }
    return true;
  }

  /** Place in a list of the node that makes a value; -1 for one that is made outside. */
  private placeOf({ list }: Nodes, value: number): number {
    const maker = this.flow.scope.wiring.producer[value] as number;
    return maker >= 0 && this.list[maker] === list ? (this.place[maker] as number) : -1;
  }

  /** Which of its maker's outputs a value is. */
  private outputOf(value: number): number {
    const { outputs, producer } = this.flow.scope.wiring;
    const start = outputs.starts[producer[value] as number] as number;
    return outputs.items.indexOf(value, start) - start;
  }
}

type Outside = (value: number) => number;

interface Nodes {
  readonly nodes: Int32Array;
  /** What the list is called in `list`. */
  readonly list: number;
}
