import { append } from '../data';
import type { Graph, Node } from './graph';

const NONE: readonly Graph[] = [];

/** The graphs in a node's attributes. Asked for every node of large models: most have none, and nothing is allocated. */
export function bodiesOf(node: Node): readonly Graph[] {
  let bodies: Graph[] | null = null;
  for (const name in node.attributes) {
    const attribute = node.attributes[name];
    if (attribute?.kind !== 'graph' && attribute?.kind !== 'graphs') continue;
    bodies ??= [];
    if (attribute.kind === 'graph') bodies.push(attribute.value);
    else append(bodies, attribute.value);
  }
  return bodies ?? NONE;
}
