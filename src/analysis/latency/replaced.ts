import { append } from '../../data';
import type { Node } from '../../model';
import { meaningOfKernel } from '../../operators/contrib/kernels';
import { isAmong, words } from '../../operators/meaning';
import { bearsName, type OriginalNames } from './names';

/** A kernel and the node of the optimised graph that it ran; `node` is `null` where that graph is not at hand. */
export interface Ran {
  readonly name: string;
  readonly op: string;
  readonly node: Node | null;
}

/** What one kernel of the runtime stands for. */
export interface Replaced {
  readonly nodes: readonly Node[];
  /** The node whose value the kernel makes or carries: the last of `nodes`. */
  readonly last: Node | null;
  readonly layout: boolean;
}

/** Operators that optimisers insert to carry a value between layouts, types and devices. */
const CARRIERS = words('reorder', 'copy', 'transpose', 'reshape', 'cast', 'identity');
/** Carriers that no file has. */
const PURE = words('reorder', 'copy');

/** What is known before running: values whose nodes an optimiser folds into constants. */
export type IsConstant = (value: string) => boolean;

/**
 * The nodes that each kernel replaced. A kernel stands for the nodes that make
 * its outputs; walking back in the file from those, every node up to the values
 * that other kernels make was absorbed.
 */
export function replacedNodes(ran: readonly Ran[], original: OriginalNames, isConstant: IsConstant): readonly Replaced[] {
  const flow = new Flow(ran);
  const direct = ran.map((kernel) => ownNodes(kernel, original));
  const layout = ran.map(({ op }, index) => isCarrier(op, direct[index] ?? []));
  const anchors = ran.map((kernel, index) => {
    const own = direct[index] ?? [];
    return own.length > 0 || layout[index] ? own : namedFor(kernel, index, { flow, direct, layout, original });
  });
  const made = new Set(anchors.flat());
  const found = anchors.map((nodes, index): Replaced => {
    const last = nodes[nodes.length - 1] ?? null;
    return layout[index] ? { nodes, last, layout: true } : { nodes: absorbed(nodes, made, original, isConstant), last, layout: false };
  });
  found.forEach((entry, index) => {
    if (!entry.last) fromNeighbours(index, found, flow, original);
  });
  return found;
}

function isCarrier(op: string, nodes: readonly Node[]): boolean {
  const meaning = meaningOfKernel(op);
  return isAmong(meaning, PURE) || (isAmong(meaning, CARRIERS) && !nodes.some((node) => bearsName(op, node)));
}

/** Nodes of the file that make the kernel's own outputs, under whatever name those go. */
function ownNodes({ name, op, node }: Ran, original: OriginalNames): readonly Node[] {
  return unique(node ? node.outputs.map((value) => original.ofValue(value)) : [original.ofKernel(name, op)]);
}

interface Known {
  readonly flow: Flow;
  readonly direct: readonly (readonly Node[])[];
  readonly layout: readonly boolean[];
  readonly original: OriginalNames;
}

/** For a kernel whose outputs have new names: the node whose value a carrier makes of them, or the one it is named for. */
function namedFor(ran: Ran, index: number, { flow, direct, layout, original }: Known): readonly Node[] {
  const { name, op } = ran;
  const carried = unique(flow.consumers(index).flatMap((next) => (layout[next] ? (direct[next] ?? []) : [])));
  if (carried.length > 0) return carried;
  const named = original.ofKernel(name, op);
  return named ? [withFused(named, ran, original)] : [];
}

/**
 * Two kernels are named for a node before the ones that were fused into them:
 * a matrix product that became Gemm by the addition after it, and a blocked
 * convolution, whose addend is its fourth input and whose activation is an attribute.
 */
function withFused(named: Node, { name, op, node }: Ran, original: OriginalNames): Node {
  const kind = meaningOfKernel(op)?.kind;
  const convolution = kind === 'convolution';
  const adds = (kind === 'product' && name.includes('MatMulAddFusion')) || (convolution && Boolean(node?.inputs[3]));
  const addition = adds ? original.onlyReader(named) : undefined;
  const sum = addition && original.meaningOf(addition)?.does === 'add' ? addition : named;
  const activation = convolution ? node?.attributes['activation'] : undefined;
  const reader = activation?.kind === 'string' ? original.onlyReader(sum) : undefined;
  return reader && activation?.kind === 'string' && bearsName(activation.value, reader) ? reader : sum;
}

function absorbed(anchors: readonly Node[], made: ReadonlySet<Node>, original: OriginalNames, isConstant: IsConstant): readonly Node[] {
  const inside = new Set<Node>(anchors);
  const open = [...anchors];
  for (let node = open.pop(); node; node = open.pop()) {
    for (const value of node.inputs) {
      const producer = value === '' || isConstant(value) ? undefined : original.producer(value);
      if (!producer || made.has(producer) || inside.has(producer)) continue;
      inside.add(producer);
      open.push(producer);
    }
  }
  return [...inside];
}

/**
 * A carrier of a nameless value belongs to the node it comes from. Other
 * nameless work flows into a kernel that seemed to absorb it: what lies before
 * that kernel's own operator is its part; else (an inlined function's) they are the same node.
 */
function fromNeighbours(index: number, found: Replaced[], flow: Flow, original: OriginalNames): void {
  const layout = found[index]?.layout ?? false;
  const back = nearest(index, found, (at) => flow.producers(at));
  const forth = nearest(index, found, (at) => flow.consumers(at));
  const at = layout ? (back ?? forth) : (forth ?? back);
  const neighbour = at === null ? undefined : found[at];
  if (at === null || !neighbour?.last) return;
  const op = flow.ran[at]?.op;
  const core = neighbour.nodes.find((node) => bearsName(op ?? '', node)) ?? neighbour.last;
  const before = !layout && at === forth ? nodesBefore(core, neighbour.nodes, original) : new Set<Node>();
  const [closest] = before;
  found[index] = { nodes: closest ? [...before] : [neighbour.last], last: closest ?? neighbour.last, layout };
  if (closest) found[at] = { ...neighbour, nodes: neighbour.nodes.filter((node) => !before.has(node)) };
}

/** Those of `nodes` that `core` needs, the nearest first. */
function nodesBefore(core: Node, nodes: readonly Node[], original: OriginalNames): ReadonlySet<Node> {
  const inside = new Set(nodes);
  const before = new Set<Node>();
  const open = [core];
  for (let node = open.pop(); node; node = open.pop()) {
    for (const value of node.inputs) {
      const producer = original.producer(value);
      if (!producer || producer === core || before.has(producer) || !inside.has(producer)) continue;
      before.add(producer);
      open.push(producer);
    }
  }
  return before;
}

function nearest(start: number, found: readonly Replaced[], next: (index: number) => readonly number[]): number | null {
  const seen = new Set([start]);
  for (let level = [...next(start)]; level.length > 0; ) {
    const following: number[] = [];
    for (const index of level) {
      if (seen.has(index)) continue;
      seen.add(index);
      if (found[index]?.last) return index;
      append(following, next(index));
    }
    level = following;
  }
  return null;
}

/** Which kernel's output feeds which. */
class Flow {
  private readonly makers = new Map<string, number>();
  private readonly readers = new Map<string, number[]>();

  constructor(readonly ran: readonly Ran[]) {
    ran.forEach(({ node }, index) => {
      for (const value of node?.outputs ?? []) this.makers.set(value, index);
      for (const value of node?.inputs ?? []) {
        const list = this.readers.get(value);
        if (list) list.push(index);
        else this.readers.set(value, [index]);
      }
    });
  }

  producers(index: number): readonly number[] {
    return (this.ran[index]?.node?.inputs ?? []).flatMap((value) => this.makers.get(value) ?? []);
  }

  consumers(index: number): readonly number[] {
    return (this.ran[index]?.node?.outputs ?? []).flatMap((value) => this.readers.get(value) ?? []);
  }
}

function unique(nodes: readonly (Node | undefined)[]): readonly Node[] {
  return [...new Set(nodes.filter((node) => node !== undefined))];
}
