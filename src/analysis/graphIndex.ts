import type { Graph, Node, Tensor } from '../model';

/** Where a value is made and used within one graph. */
export interface GraphIndex {
  readonly graph: Pick<Graph, 'nodes'>;
  /** The node that makes a value; none for inputs, initialisers and outer values. Of several, the first. */
  producer(value: string): Node | undefined;
  /** Which of its producer's outputs the value is; -1 without a producer. */
  outputIndex(value: string): number;
  /** Nodes that read a value in this graph, in file order, once each; subgraphs that read it are not looked into. */
  consumers(value: string): readonly Node[];
  initializer(value: string): Tensor | undefined;
  /** A node's place in file order. */
  position(node: Node): number;
  /** True for a value that is one of the graph's outputs. */
  isOutput(value: string): boolean;
}

const NONE: readonly Node[] = [];

/** Indexes a graph (or a function's body, which has no initialisers) by value name in one pass. */
export function indexGraph(graph: {
  readonly nodes: readonly Node[];
  readonly initializers?: readonly Tensor[];
  readonly outputs?: readonly ({ readonly name: string } | string)[];
}): GraphIndex {
  const producers = new Map<string, { readonly node: Node; readonly index: number }>();
  const consumers = new Map<string, Node[]>();
  const positions = new Map<Node, number>();
  graph.nodes.forEach((node, position) => {
    positions.set(node, position);
    node.outputs.forEach((name, index) => {
      if (name !== '' && !producers.has(name)) producers.set(name, { node, index });
    });
    for (const name of node.inputs) {
      if (name === '') continue;
      const list = consumers.get(name);
      if (!list) consumers.set(name, [node]);
      else if (list[list.length - 1] !== node) list.push(node);
    }
  });
  const initializers = new Map((graph.initializers ?? []).map((tensor) => [tensor.name, tensor]));
  const outputs = new Set((graph.outputs ?? []).map((output) => (typeof output === 'string' ? output : output.name)));
  return {
    graph,
    producer: (value) => producers.get(value)?.node,
    outputIndex: (value) => producers.get(value)?.index ?? -1,
    consumers: (value) => consumers.get(value) ?? NONE,
    initializer: (value) => initializers.get(value),
    position: (node) => positions.get(node) ?? -1,
    isOutput: (value) => outputs.has(value),
  };
}
