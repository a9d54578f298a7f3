import { bodiesOf, type Node } from '../../model';

/** `nodes`, then those of every subgraph below them, level by level. */
export function* allNodes(nodes: readonly Node[]): Generator<Node> {
  const lists = [nodes];
  // Grows while it is walked.
  for (const list of lists) {
    for (const node of list) {
      yield node;
      for (const graph of bodiesOf(node)) lists.push(graph.nodes);
    }
  }
}

/** `Conv "conv1"`, or `Conv n7` where the file gives no name. */
export function nodeLabel(node: Node): string {
  return node.name === '' ? `${node.op} ${node.id}` : `${node.op} "${node.name}"`;
}
