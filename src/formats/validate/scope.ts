import { bodiesOf, type Graph, type Node } from '../../model';
import type { FindingList } from '../findings';
import { checkOrder } from './order';
import { nodeLabel } from './subgraphs';

/** The names that live together: of the main graph, a subgraph or a function body. */
export interface Scope {
  /** Begins the sentence of a finding. */
  readonly what: string;
  /** The node a subgraph belongs to; `null` for a scope with none around it. */
  readonly owner: Node | null;
  /** Values that come from outside. */
  readonly sources: readonly string[];
  /** Names of initialisers, which may repeat those of inputs (and give their default). */
  readonly constants: readonly string[];
  readonly outputs: readonly string[];
  readonly nodes: readonly Node[];
}

/** A name that a subgraph takes from a scope around it, and the node in it that does. */
export interface Capture {
  readonly name: string;
  readonly by: Node;
}

/** Checks a scope that has none around it. */
export function checkScope(scope: Scope, findings: FindingList): void {
  for (const { name, by } of capturesOf(scope, findings)) {
    findings.error('missing-input', `${nodeLabel(by)} reads "${name}", which nothing produces.`, by.id);
  }
}

/** Checks a scope and those below it; returns the names they need from outside. The depth is the file's, which is limited. */
function capturesOf(scope: Scope, findings: FindingList): readonly Capture[] {
  const producers = producersOf(scope, findings);
  const captures: Capture[] = [];
  const reads = scope.nodes.map((node) => {
    for (const name of node.inputs) if (name !== '' && !producers.has(name)) captures.push({ name, by: node });
    const graphs = bodiesOf(node);
    if (graphs.length === 0) return node.inputs;
    const inner = graphs.flatMap((graph) => capturesOf(toScope(graph, node), findings));
    for (const capture of inner) if (!producers.has(capture.name)) captures.push(capture);
    return [...node.inputs, ...inner.map((capture) => capture.name)];
  });
  for (const name of scope.outputs) {
    if (name === '' || producers.has(name)) continue;
    // A branch may hand on a value from around it; that it exists there is for the scope around to say.
    if (scope.owner) captures.push({ name, by: scope.owner });
    else findings.error('missing-output', `${scope.what} has the output "${name}", which nothing produces.`);
  }
  checkOrder(scope.nodes, reads, producers, findings);
  return captures;
}

function toScope(graph: Graph, owner: Node): Scope {
  return {
    what: `A subgraph of ${nodeLabel(owner)}`,
    owner,
    sources: graph.inputs.map((value) => value.name),
    constants: [...graph.initializers, ...graph.sparseInitializers].map((tensor) => tensor.name),
    outputs: graph.outputs.map((value) => value.name),
    nodes: graph.nodes,
  };
}

/** Name -> index of the node that makes it, or -1 for what comes from outside; a second maker is a finding. */
function producersOf(scope: Scope, findings: FindingList): ReadonlyMap<string, number> {
  const producers = new Map<string, number>();
  for (const name of scope.sources) {
    if (producers.has(name)) findings.error('duplicate-value', `${scope.what} has two inputs named "${name}".`);
    producers.set(name, -1);
  }
  const constants = new Set<string>();
  for (const name of scope.constants) {
    if (constants.has(name)) findings.error('duplicate-value', `${scope.what} has two initializers named "${name}".`);
    constants.add(name);
    producers.set(name, -1);
  }
  scope.nodes.forEach((node, index) => {
    for (const name of node.outputs) {
      if (name === '') continue;
      const first = producers.get(name);
      if (first === undefined) producers.set(name, index);
      else findings.error('duplicate-value', `${nodeLabel(node)} makes "${name}", which ${makerOf(scope, first)} already makes.`, node.id);
    }
  });
  return producers;
}

function makerOf(scope: Scope, index: number): string {
  const node = scope.nodes[index];
  return node ? nodeLabel(node) : 'an input or initializer';
}
