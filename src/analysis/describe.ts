import type { Node } from '../model';

/** How a node is named in a sentence: `Conv "layer1/conv"`, or by id where the file gives no name. */
export function describeNode(node: Node): string {
  return node.name === '' ? `${node.op} ${node.id}` : `${node.op} "${node.name}"`;
}
