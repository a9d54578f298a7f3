import type { Node } from '../../model';
import { bearsName } from './names';

interface Named {
  readonly name: string;
  readonly op: string;
}

/**
 * The node of the optimised graph that each kernel ran. That graph is saved in
 * the order in which it runs, so equal sequences of operators pair up by place;
 * otherwise (a kernel that is never reached) names decide, and what has none stays unpaired.
 */
export function pairKernels(kernels: readonly Named[], nodes: readonly Node[]): readonly (Node | null)[] {
  if (kernels.length === nodes.length && kernels.every(({ op }, index) => bearsName(op, nodes[index]))) return nodes;
  const byName = new Map<string, Node[]>();
  for (const node of nodes) {
    const key = `${node.op}\0${node.name}`;
    const list = byName.get(key);
    if (list) list.push(node);
    else byName.set(key, [node]);
  }
  return kernels.map(({ name, op }) => {
    // A node without a name is called by its operator and its index.
    const key = byName.has(`${op}\0${name}`) ? `${op}\0${name}` : `${op}\0`;
    return byName.get(key)?.shift() ?? null;
  });
}
