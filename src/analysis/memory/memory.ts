import type { Node } from '../../model';
import { chooses } from '../../operators/common/tripCount';
import { bytesOfFact } from '../cost/bytes';
import { VIEWS } from '../cost/cost';
import { instanceId, type ScopeShapes, type ShapeResult } from '../shapes/types';

/** Bytes alive while one node runs: what it reads, what it writes, and what later nodes still need. */
export interface MemoryStep {
  /** Instance id of the node. */
  readonly node: string;
  readonly bytes: bigint;
}

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
  const result = new Liveness(shapes, shapes.main, unknown, true).run();
  return { ...result, unknown: [...unknown] };
}

/** Names through which one buffer is known. */
type Buffer = number;

class Liveness {
  private readonly handedOut: ReadonlySet<string>;
  private readonly bufferOf = new Map<string, Buffer>();
  private readonly names: string[] = [];
  private readonly bytes: bigint[] = [];
  /** Position of the node that reads a buffer last. */
  private readonly last: number[] = [];

  constructor(
    private readonly shapes: ShapeResult,
    private readonly scope: ScopeShapes,
    private readonly unknown: Set<string>,
    /** Inputs of a body belong to the graph around it. */
    private readonly countInputs: boolean,
  ) {
    const { owner } = scope;
    const handsOut = owner && (!scope.graph || chooses(owner));
    this.handedOut = new Set(handsOut ? scope.outputs : []);
  }

  run(): Omit<MemoryResult, 'unknown'> {
    const { scope } = this;
    const made = this.allocate();
    const freed = this.lifetimes();
    let alive = this.countInputs ? sum(this.inputs().map((buffer) => this.bytes[buffer] ?? 0n)) : 0n;
    let peak = alive;
    let peakAt = -1;
    const timeline: MemoryStep[] = [];
    scope.order.forEach((node, position) => {
      for (const buffer of made[position] ?? []) alive += this.bytes[buffer] ?? 0n;
      const now = alive + this.bodyPeak(node);
      timeline.push({ node: instanceId(scope, node), bytes: now });
      if (now > peak || peakAt < 0) {
        peak = now;
        peakAt = position;
      }
      for (const buffer of freed[position] ?? []) alive -= this.bytes[buffer] ?? 0n;
    });
    return { peakBytes: peak, peakNode: timeline[peakAt]?.node ?? '', timeline, alive: this.aliveAt(peakAt, made) };
  }

  private inputs(): readonly Buffer[] {
    const constants = new Set(this.scope.graph?.initializers.map((tensor) => tensor.name));
    return this.scope.inputs.flatMap((name) => (constants.has(name) ? [] : (this.bufferOf.get(name) ?? [])));
  }

  private buffer(name: string): Buffer {
    const id = this.bytes.length;
    // What If and functions give out is the node's own output, which the graph around counts.
    const bytes = this.handedOut.has(name) ? 0n : bytesOfFact(this.shapes.fact(name, this.scope));
    if (bytes === null) this.unknown.add(name);
    this.bytes.push(bytes ?? 0n);
    this.names.push(name);
    this.last.push(-1);
    this.bufferOf.set(name, id);
    return id;
  }

  /** Buffers each node makes; a view's output is its input's buffer, a constant's is none. */
  private allocate(): readonly (readonly Buffer[])[] {
    const { scope } = this;
    const constants = new Set(scope.graph?.initializers.map((tensor) => tensor.name));
    if (this.countInputs) for (const name of scope.inputs) if (!constants.has(name)) this.buffer(name);
    return scope.order.map((node) => {
      const source = node.inputs[0] ?? '';
      const view = VIEWS.has(node.op);
      const isConstant = node.op === 'Constant' || (view && constants.has(source));
      const made: Buffer[] = [];
      for (let index = 0; index < node.outputs.length; index++) {
        const name = node.outputs[index] ?? '';
        if (name === '') continue;
        if (isConstant) {
          constants.add(name);
          continue;
        }
        const shared = view && index === 0 ? this.bufferOf.get(source) : undefined;
        if (shared !== undefined) {
          this.bufferOf.set(name, shared);
          continue;
        }
        // In a body, a view of what is neither made here nor constant is one of an outer value.
        const outer = view && index === 0 && !this.countInputs;
        if (!outer) made.push(this.buffer(name));
      }
      return made;
    });
  }

  /** Buffers that no node after each needs. */
  private lifetimes(): readonly (readonly Buffer[])[] {
    const { scope } = this;
    const read = (name: string, position: number) => {
      const buffer = this.bufferOf.get(name);
      if (buffer !== undefined) this.last[buffer] = Math.max(this.last[buffer] ?? -1, position);
    };
    scope.order.forEach((node, position) => {
      const { inputs, outputs } = node;
      for (let at = 0; at < outputs.length; at++) read(outputs[at] ?? '', position);
      for (let at = 0; at < inputs.length; at++) read(inputs[at] ?? '', position);
      for (const body of scope.bodies.get(node) ?? []) for (const name of captured(body)) read(name, position);
    });
    for (const name of scope.outputs) read(name, scope.order.length);
    const freed: Buffer[][] = scope.order.map(() => []);
    this.last.forEach((position, buffer) => {
      // Inputs that nobody reads stay: the caller holds them.
      if (position >= 0) freed[position]?.push(buffer);
    });
    return freed;
  }

  private bodyPeak(node: Node): bigint {
    let most = 0n;
    for (const body of this.scope.bodies.get(node) ?? []) {
      const { peakBytes } = new Liveness(this.shapes, body, this.unknown, false).run();
      if (peakBytes > most) most = peakBytes;
    }
    return most;
  }

  private aliveAt(position: number, made: readonly (readonly Buffer[])[]): readonly { value: string; bytes: bigint }[] {
    const born = new Map<Buffer, number>();
    made.forEach((buffers, at) => {
      for (const buffer of buffers) born.set(buffer, at);
    });
    const alive: { value: string; bytes: bigint }[] = [];
    this.bytes.forEach((bytes, buffer) => {
      const last = this.last[buffer] ?? -1;
      const living = (born.get(buffer) ?? -1) <= position && (last < 0 || last >= position);
      if (living && bytes > 0n) alive.push({ value: this.names[buffer] ?? '', bytes });
    });
    return alive.sort((a, b) => (b.bytes > a.bytes ? 1 : b.bytes < a.bytes ? -1 : 0));
  }
}

/** Names a body reads; those it makes itself do no harm in the list. */
function captured(body: ScopeShapes): readonly string[] {
  if (!body.graph) return [];
  const names: string[] = [];
  const pending: ScopeShapes[] = [body];
  for (let scope = pending.pop(); scope; scope = pending.pop()) {
    for (const name of scope.outputs) names.push(name);
    for (const node of scope.nodes) {
      for (const name of node.inputs) names.push(name);
      for (const inner of scope.bodies.get(node) ?? []) if (inner.graph) pending.push(inner);
    }
  }
  return names;
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((a, b) => a + b, 0n);
}
