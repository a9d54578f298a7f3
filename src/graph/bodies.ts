import { append } from '../data';
import { bodiesOf, type Node } from '../model';

/** Names a node reads from its own graph: its inputs (the very list where it has no bodies) and what its bodies capture. */
export function readsOf(node: Node): readonly string[] {
  const bodies = bodiesOf(node);
  if (bodies.length === 0) return node.inputs;
  const read = new Set(node.inputs);
  const made = new Set<string>();
  const pending = [...bodies];
  for (let graph = pending.pop(); graph; graph = pending.pop()) {
    for (const value of graph.inputs) made.add(value.name);
    for (const tensor of graph.initializers) made.add(tensor.name);
    for (const tensor of graph.sparseInitializers) made.add(tensor.name);
    for (const value of graph.outputs) read.add(value.name);
    for (const inner of graph.nodes) {
      for (const name of inner.inputs) read.add(name);
      for (const name of inner.outputs) made.add(name);
      append(pending, bodiesOf(inner));
    }
  }
  return [...read].filter((name) => !made.has(name));
}
