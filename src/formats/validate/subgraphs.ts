import { append } from '../../data';
import type { Graph, Node } from '../../model';

const NONE: readonly Graph[] = [];

/** The graphs in a node's attributes. Asked for every node of large models: most have none, and nothing is allocated. */
export function subgraphsOf(node: Node): readonly Graph[] {
  let graphs: Graph[] | null = null;
  for (const name in node.attributes) {
    const attribute = node.attributes[name];
    if (attribute?.kind !== 'graph' && attribute?.kind !== 'graphs') continue;
    graphs ??= [];
    if (attribute.kind === 'graph') graphs.push(attribute.value);
    else append(graphs, attribute.value);
  }
  return graphs ?? NONE;
}

/** `nodes`, then those of every subgraph below them, level by level. */
export function* allNodes(nodes: readonly Node[]): Generator<Node> {
  const lists = [nodes];
  // Grows while it is walked.
  for (const list of lists) {
    for (const node of list) {
      yield node;
      for (const graph of subgraphsOf(node)) lists.push(graph.nodes);
    }
  }
}

/** `Conv "conv1"`, or `Conv n7` where the file gives no name. */
export function nodeLabel(node: Node): string {
  return node.name === '' ? `${node.op} ${node.id}` : `${node.op} "${node.name}"`;
}
