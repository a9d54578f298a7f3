import type { FunctionDefinition, Graph, Node } from '../model';
import { readsOf } from './bodies';
import { type Lists, turned } from './lists';
import { orderNodes } from './order';

/**
 * The nodes and values of one graph, or of one function's body, as integers.
 * Nodes are numbered in topological order, those on a cycle last; values as
 * they come up. What is found out about either is kept in arrays by number;
 * names are for the edges of the house.
 */
export interface Wiring {
  readonly nodes: readonly Node[];
  /** Nodes in topological order: those from this number on are on cycles. */
  readonly sorted: number;
  /** Node numbers in the order of the file; `null` where that is the order of `nodes`. */
  readonly fileOrder: Int32Array | null;
  /** Names by value number. */
  readonly values: readonly string[];
  /** Number of a value; -1 for a name that nothing here makes, reads or is given. */
  value(name: string): number;
  /** Values by node, as the file lists them; -1 stands for an omitted one. */
  readonly inputs: Lists;
  readonly outputs: Lists;
  /** Values that a node reads: its inputs, and what bodies inside capture. The same object as `inputs` where there are no bodies. */
  readonly reads: Lists;
  /** Node that makes a value, of several the first in the file; -1 for what is given, captured, or made by none. */
  readonly producer: Int32Array;
  /** Nodes that read a value, by value, ascending, once each. */
  readers(): Lists;
}

/** What a graph and a function's body have in common. */
type Body = Pick<Graph, 'nodes'> | Pick<FunctionDefinition, 'nodes' | 'inputs'>;

function givenTo(body: Graph | FunctionDefinition): readonly string[] {
  if (!('initializers' in body)) return [...body.inputs, ...body.outputs];
  return [
    ...body.inputs.map((value) => value.name),
    ...body.initializers.map((tensor) => tensor.name),
    ...body.sparseInitializers.map((tensor) => tensor.name),
    ...body.outputs.map((value) => value.name),
  ];
}

/** Numbers for names, in the order in which they are first asked for. */
class Numbers {
  readonly names: string[] = [];
  private readonly numbers = new Map<string, number>();

  of(name: string): number {
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    this.numbers.set(name, this.names.length);
    return this.names.push(name) - 1;
  }

  find(name: string): number {
    return this.numbers.get(name) ?? -1;
  }
}

/** Lists of value numbers from lists of names. */
function numbered(lists: readonly (readonly string[])[], numbers: Numbers): Lists {
  const starts = new Int32Array(lists.length + 1);
  let total = 0;
  for (let list = 0; list < lists.length; list++) {
    total += lists[list]?.length ?? 0;
    starts[list + 1] = total;
  }
  const items = new Int32Array(total);
  let at = 0;
  for (let list = 0; list < lists.length; list++) {
    const names = lists[list] ?? [];
    for (let index = 0; index < names.length; index++) {
      const name = names[index] as string;
      items[at++] = name === '' ? -1 : numbers.of(name);
    }
  }
  return { starts, items };
}

interface Read {
  readonly inputs: Lists;
  readonly outputs: Lists;
  readonly reads: Lists;
}

function readLists(nodes: readonly Node[], numbers: Numbers): Read {
  const outputs = numbered(
    nodes.map((node) => node.outputs),
    numbers,
  );
  const inputs = numbered(
    nodes.map((node) => node.inputs),
    numbers,
  );
  let captures = false;
  const reads = nodes.map((node) => {
    const names = readsOf(node);
    captures ||= names !== node.inputs;
    return names;
  });
  return { inputs, outputs, reads: captures ? numbered(reads, numbers) : inputs };
}

function producersOf({ starts, items }: Lists, values: number): Int32Array {
  const producer = new Int32Array(values).fill(-1);
  for (let node = 0; node + 1 < starts.length; node++) {
    const end = starts[node + 1] as number;
    for (let at = starts[node] as number; at < end; at++) {
      const value = items[at] as number;
      if (value >= 0 && producer[value] === -1) producer[value] = node;
    }
  }
  return producer;
}

function wire(body: Graph | FunctionDefinition): Wiring {
  const numbers = new Numbers();
  for (const name of givenTo(body)) if (name !== '') numbers.of(name);
  let { nodes }: Body = body;
  let lists = readLists(nodes, numbers);
  const values = numbers.names;
  let producer = producersOf(lists.outputs, values.length);
  const order = orderNodes(lists.reads, producer);
  let fileOrder: Int32Array | null = null;
  if (order) {
    const places = [...order.sorted, ...order.cyclic];
    const number = new Int32Array(places.length);
    places.forEach((place, at) => {
      number[place] = at;
    });
    fileOrder = number;
    nodes = places.map((place) => nodes[place] as Node);
    lists = readLists(nodes, numbers);
    producer = producer.map((place) => (place < 0 ? -1 : (number[place] as number)));
  }
  let readers: Lists | null = null;
  return {
    nodes,
    sorted: order ? order.sorted.length : nodes.length,
    fileOrder,
    values,
    value: (name) => numbers.find(name),
    ...lists,
    producer,
    readers: () => {
      readers ??= turned(lists.reads, values.length);
      return readers;
    },
  };
}

const WIRED = new WeakMap<Graph | FunctionDefinition, Wiring>();

/** Numbers a graph's (or function's) nodes and values: once, however often it is analysed. Linear, and without recursion over nodes. */
export function wiringOf(body: Graph | FunctionDefinition): Wiring {
  const known = WIRED.get(body);
  if (known) return known;
  const wiring = wire(body);
  WIRED.set(body, wiring);
  return wiring;
}
