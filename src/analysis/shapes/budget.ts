import { LIMITS } from '../../bytes';
import { append } from '../../data';
import { bodiesOf, type FunctionDefinition, type Graph, type Model, type Node } from '../../model';

/** A body or a call costs this much before its nodes: its maps, its place in every later pass. */
const SCOPE_WORK = 4;

function workOfNodes(nodes: readonly Node[]): number {
  let work = 0;
  for (let at = 0; at < nodes.length; at++) {
    const { inputs, outputs } = nodes[at] as Node;
    work += 1 + ((inputs.length + outputs.length) >> 3);
  }
  return work;
}

function workOfGraph({ nodes, inputs, outputs, values, initializers, sparseInitializers }: Graph): number {
  return workOfNodes(nodes) + inputs.length + outputs.length + values.length + initializers.length + sparseInitializers.length;
}

/** Everything in the bodies below these nodes, once each. */
function workOfBodies(nodes: readonly Node[]): number {
  const pending = nodes.flatMap(bodiesOf);
  let work = 0;
  for (let body = pending.pop(); body; body = pending.pop()) {
    work += SCOPE_WORK + workOfGraph(body);
    append(pending, body.nodes.flatMap(bodiesOf));
  }
  return work;
}

/**
 * Work that shape inference may do for one analysis, however many bodies and calls a file expands to and however many
 * sizes of its inputs are tried. A unit is one small node. The main graph is inferred whole, whatever is left.
 */
export class WorkBudget {
  private left: number;
  /** What one inference may expand to, and what is left of it in the one under way. */
  private readonly room: number;
  private roomLeft = 0;
  private scopesLeft: number = LIMITS.scopes;
  private elementsLeft: number = LIMITS.knownElements;
  private refused = false;

  constructor({ graph, functions }: Model) {
    const held = functions.reduce(
      (sum, { nodes }) => sum + workOfNodes(nodes) + workOfBodies(nodes),
      workOfGraph(graph) + workOfBodies(graph.nodes),
    );
    this.room = held + Math.max(LIMITS.expansion, held);
    this.left = held + Math.min(LIMITS.inferenceWork, LIMITS.inferenceWorkBase + LIMITS.inferenceWorkPerNode * held);
  }

  /** What is left; negative once it is overdrawn. */
  get remaining(): number {
    return this.left;
  }

  /** True once something was left out for want of budget. */
  get isSpent(): boolean {
    return this.refused;
  }

  /** The main graph, which is never refused; an inference begins with it. */
  enterMain(graph: Graph): void {
    const work = workOfGraph(graph);
    this.left -= work;
    this.roomLeft = this.room - work;
  }

  /** Whether one more body or call may be inferred; `again` where its scope is there already, as in a loop's next turn. */
  mayEnter(body: Graph | FunctionDefinition, again: boolean): boolean {
    const work = SCOPE_WORK + ('initializers' in body ? workOfGraph(body) : workOfNodes(body.nodes));
    this.left -= work;
    if (!again) {
      this.scopesLeft--;
      this.roomLeft -= work;
    }
    this.refused ||= this.left < 0 || this.roomLeft < 0 || this.scopesLeft < 0;
    return !this.refused;
  }

  /** Whether a value may carry this many known elements along. */
  mayKeep(elements: number): boolean {
    this.left -= elements >> 8;
    this.elementsLeft -= elements;
    return this.elementsLeft >= 0;
  }
}
