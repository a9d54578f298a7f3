import type { Node } from '../../model';
import type { Meaning } from '../../operators/meaning';
import { meaningOf } from '../../operators/registry';
import type { Fact } from '../../operators/rule';
import { bytesOfFact } from '../cost/bytes';
import { instanceId, type ScopeShapes, type ShapeResult } from '../shapes/types';

/** Bytes alive while one node runs: what it reads, what it writes, and what later nodes still need. */
export interface MemoryStep {
  /** Instance id of the node. */
  readonly node: string;
  readonly bytes: bigint;
}

/** How long each intermediate tensor lives, in the file's execution order. */
export interface MemoryResult {
  /** Most bytes of inputs and intermediate tensors alive at once; constants are not among them. */
  readonly peakBytes: bigint;
  /** Instance id of the node that runs then; `''` for a model without nodes. */
  readonly peakNode: string;
  /** Nodes of the main graph in file order. */
  readonly timeline: readonly MemoryStep[];
  /** Tensors alive at the peak, the largest first. */
  readonly alive: readonly { readonly value: string; readonly bytes: bigint }[];
  /** Values whose size is not known: the peak is at least the figure. */
  readonly unknown: readonly string[];
}

/**
 * Peak activation memory by liveness over the execution order of the file:
 * a tensor lives from the node that makes it to the last that reads it;
 * outputs live to the end. Reshape and its like share their input's memory;
 * nothing is computed in place. A node with bodies adds the peak of the largest.
 */
export function peakMemory(shapes: ShapeResult): MemoryResult {
  const unknown = new Set<string>();
  const result = new Liveness(shapes, shapes.main, unknown, new Map(), true).run();
  return { ...result, unknown: [...unknown] };
}

function isView(meaning: Meaning | null): boolean {
  return meaning?.kind === 'move' && meaning.traffic === 'view';
}

/** One tensor's memory, known by the names of all views of it. */
type Buffer = number;

class Liveness {
  private readonly handedOut: Uint8Array;
  /** By value; -1 for what has none here: constants, and values from outside. */
  private readonly bufferOf: Int32Array;
  /** By buffer, as they are made: the value that names it, its bytes, the nodes that make it (-1: an input) and read it last. */
  private readonly values: number[] = [];
  private readonly bytes: bigint[] = [];
  private readonly born: number[] = [];
  private readonly last: number[] = [];
  /** Equal facts are one object: their bytes are counted once. */
  private readonly sizes = new Map<Fact, bigint | null>();

  constructor(
    private readonly shapes: ShapeResult,
    private readonly scope: ScopeShapes,
    private readonly unknown: Set<string>,
    private readonly captures: Captures,
    /** Inputs of a body belong to the graph around it. */
    private readonly countInputs: boolean,
  ) {
    const { owner, parent, wiring } = scope;
    this.handedOut = new Uint8Array(wiring.values.length);
    this.bufferOf = new Int32Array(wiring.values.length).fill(-1);
    const handsOut = owner && (!scope.graph || (parent !== null && meaningOf(owner, parent.opsets)?.does === 'branch'));
    if (handsOut) this.mark(this.handedOut, scope.outputs);
  }

  private mark(marks: Uint8Array, names: Iterable<string>): void {
    for (const name of names) {
      const value = this.scope.wiring.value(name);
      if (value >= 0) marks[value] = 1;
    }
  }

  run(): Omit<MemoryResult, 'unknown'> {
    const { scope, bytes, born } = this;
    this.allocate();
    this.lifetimes();
    const freed = this.freedAfter();
    let made = 0;
    let alive = 0n;
    for (; made < born.length && born[made] === -1; made++) alive += bytes[made] ?? 0n;
    let peak = alive;
    let peakAt = -1;
    const timeline: MemoryStep[] = [];
    scope.order.forEach((node, position) => {
      for (; born[made] === position; made++) alive += bytes[made] ?? 0n;
      const now = alive + this.bodyPeak(node);
      timeline.push({ node: instanceId(scope, node), bytes: now });
      if (now > peak || peakAt < 0) {
        peak = now;
        peakAt = position;
      }
      alive -= freed[position] ?? 0n;
    });
    return { peakBytes: peak, peakNode: timeline[peakAt]?.node ?? '', timeline, alive: this.aliveAt(peakAt) };
  }

  private buffer(value: number, position: number): void {
    const bytes = this.bytesOf(value);
    if (bytes === null) this.unknown.add(this.nameOf(value));
    this.bufferOf[value] = this.bytes.push(bytes ?? 0n) - 1;
    this.values.push(value);
    this.born.push(position);
    this.last.push(-1);
  }

  private nameOf(value: number): string {
    return this.scope.wiring.values[value] ?? '';
  }

  private bytesOf(value: number): bigint | null {
    // What If and functions give out is the node's own output, which the graph around counts.
    if (this.handedOut[value] === 1) return 0n;
    const fact = this.scope.facts.at(value) ?? this.shapes.fact(this.nameOf(value), this.scope);
    const known = this.sizes.get(fact);
    if (known !== undefined) return known;
    const bytes = bytesOfFact(fact);
    this.sizes.set(fact, bytes);
    return bytes;
  }

  /** Buffers each node makes; a view's output is its input's buffer, a constant's is none. */
  private allocate(): void {
    const { graph, inputs, wiring, order } = this.scope;
    const constants = new Uint8Array(wiring.values.length);
    this.mark(constants, graph?.initializers.map((tensor) => tensor.name) ?? []);
    if (this.countInputs) {
      for (const value of new Set(inputs.map((name) => wiring.value(name))))
        if (value >= 0 && constants[value] === 0) this.buffer(value, -1);
    }
    for (let position = 0; position < order.length; position++) this.outputsOf(position, constants);
  }

  private outputsOf(position: number, constants: Uint8Array): void {
    const { wiring, opsets } = this.scope;
    const meaning = meaningOf(wiring.nodes[position] as Node, opsets);
    const first = wiring.inputs.starts[position] as number;
    const source = first < (wiring.inputs.starts[position + 1] as number) ? (wiring.inputs.items[first] as number) : -1;
    const view = isView(meaning);
    const isConstant = meaning?.does === 'constant' || (view && source >= 0 && constants[source] === 1);
    const start = wiring.outputs.starts[position] as number;
    for (let at = start; at < (wiring.outputs.starts[position + 1] as number); at++) {
      const value = wiring.outputs.items[at] as number;
      if (value < 0) continue;
      if (isConstant) {
        constants[value] = 1;
        continue;
      }
      const shared = view && at === start && source >= 0 ? (this.bufferOf[source] as Buffer) : -1;
      if (shared >= 0) this.bufferOf[value] = shared;
      // In a body, a view of what is neither made here nor constant is one of an outer value.
      else if (!view || at !== start || this.countInputs) this.buffer(value, position);
    }
  }

  private read(value: number, position: number): void {
    const buffer = value < 0 ? -1 : (this.bufferOf[value] as Buffer);
    if (buffer >= 0 && position > (this.last[buffer] ?? -1)) this.last[buffer] = position;
  }

  /** Notes which node reads each buffer last. */
  private lifetimes(): void {
    const { wiring, bodies, order, outputs } = this.scope;
    for (let position = 0; position < order.length; position++) {
      for (const { starts, items } of [wiring.outputs, wiring.inputs])
        for (let at = starts[position] as number; at < (starts[position + 1] as number); at++) this.read(items[at] as number, position);
    }
    if (bodies.size > 0)
      order.forEach((node, position) => {
        for (const body of bodies.get(node) ?? [])
          for (const name of captured(body, this.captures)) this.read(wiring.value(name), position);
      });
    for (const name of outputs) this.read(wiring.value(name), order.length);
  }

  /** Bytes that no node after each needs. Inputs that nobody reads stay: the caller holds them. */
  private freedAfter(): readonly (bigint | undefined)[] {
    const freed: (bigint | undefined)[] = new Array(this.scope.order.length + 1).fill(undefined);
    this.last.forEach((position, buffer) => {
      const bytes = this.bytes[buffer] ?? 0n;
      if (position >= 0 && bytes !== 0n) freed[position] = (freed[position] ?? 0n) + bytes;
    });
    return freed;
  }

  private bodyPeak(node: Node): bigint {
    let most = 0n;
    if (this.scope.bodies.size === 0) return most;
    for (const body of this.scope.bodies.get(node) ?? []) {
      const { peakBytes } = new Liveness(this.shapes, body, this.unknown, this.captures, false).run();
      if (peakBytes > most) most = peakBytes;
    }
    return most;
  }

  private aliveAt(position: number): readonly { value: string; bytes: bigint }[] {
    const alive: { value: string; bytes: bigint }[] = [];
    this.bytes.forEach((bytes, buffer) => {
      const last = this.last[buffer] ?? -1;
      const living = (this.born[buffer] ?? -1) <= position && (last < 0 || last >= position);
      if (living && bytes > 0n) alive.push({ value: this.nameOf(this.values[buffer] ?? -1), bytes });
    });
    return alive.sort((a, b) => (b.bytes > a.bytes ? 1 : b.bytes < a.bytes ? -1 : 0));
  }
}

type Captures = Map<ScopeShapes, ReadonlySet<string>>;

/** Names a body reads, those of the bodies within it too; those it makes itself do no harm in the list. */
function captured(body: ScopeShapes, known: Captures): ReadonlySet<string> {
  const found = known.get(body);
  if (found) return found;
  const names = new Set<string>();
  known.set(body, names);
  // A called function reads nothing of what is around it.
  if (!body.graph) return names;
  for (const name of body.outputs) names.add(name);
  for (const { inputs } of body.nodes) for (const name of inputs) names.add(name);
  for (const bodies of body.bodies.values()) for (const inner of bodies) for (const name of captured(inner, known)) names.add(name);
  return names;
}
