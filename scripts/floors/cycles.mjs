// Circles of imports. Types count: a circle of types is as hard to read as any other.

/** The files that reach each other, as Tarjan's strongly connected components of more than one file (or one that imports itself). */
function knots(graph) {
  const index = new Map();
  const low = new Map();
  const stack = [];
  const onStack = new Set();
  const found = [];
  const visit = (file) => {
    index.set(file, index.size);
    low.set(file, index.get(file));
    stack.push(file);
    onStack.add(file);
    for (const next of graph.get(file) ?? []) {
      if (!index.has(next)) {
        visit(next);
        low.set(file, Math.min(low.get(file), low.get(next)));
      } else if (onStack.has(next)) low.set(file, Math.min(low.get(file), index.get(next)));
    }
    if (low.get(file) !== index.get(file)) return;
    const knot = stack.splice(stack.indexOf(file));
    for (const member of knot) onStack.delete(member);
    if (knot.length > 1 || graph.get(file)?.has(file)) found.push(knot.sort());
  };
  for (const file of [...graph.keys()].sort()) if (!index.has(file)) visit(file);
  return found;
}

/** The shortest way from `start` back to itself, breadth first. */
function shortestCircle(graph, start) {
  const before = new Map();
  const queue = [start];
  for (const file of queue) {
    for (const next of graph.get(file) ?? []) {
      if (next === start) {
        const circle = [start];
        for (let at = file; at !== start; at = before.get(at)) circle.unshift(at);
        return [start, ...circle];
      }
      if (before.has(next)) continue;
      before.set(next, file);
      queue.push(next);
    }
  }
  return [start];
}

/** One shortest circle for every knot of files that import each other; `graph` maps a file to the files it imports. */
export const circles = (graph) => knots(graph).map(([first]) => shortestCircle(graph, first));
