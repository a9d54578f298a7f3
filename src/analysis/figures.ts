import type { NodeCost } from './cost/types';
import type { Count, Figures, NodeProfile } from './profile';

const MAX_EXACT = BigInt(Number.MAX_SAFE_INTEGER);

/** A count as JSON can carry it exactly: a decimal string past 2^53 - 1. */
export function count(value: bigint): Count {
  if (value === 0n) return 0;
  return value <= MAX_EXACT ? Number(value) : value.toString();
}

interface Sums {
  parameters: bigint;
  buffers: bigint;
  macs: bigint;
  flops: bigint;
  weightBytes: bigint;
  activationBytes: bigint;
}

function repeated(work: bigint, times: bigint | null): bigint {
  return times === 1n ? work : work * (times ?? 0n);
}

type Countable = Pick<NodeCost, 'parameters' | 'buffers' | 'weightBytes' | 'times' | 'macs' | 'flops' | 'writtenBytes'>;

/** Adds up nodes' figures exactly; what is not counted adds nothing (and is listed elsewhere). */
export class FigureSum {
  private readonly sums: Sums = { parameters: 0n, buffers: 0n, macs: 0n, flops: 0n, weightBytes: 0n, activationBytes: 0n };

  /** One node as often as the model runs it; where that is unknown, only its weights count. */
  add(cost: Countable): void {
    const { sums } = this;
    // Most nodes hold no weights and multiply nothing: adding 0n would make a new bigint each time.
    if (cost.parameters !== 0n) sums.parameters += cost.parameters;
    if (cost.buffers !== 0n) sums.buffers += cost.buffers;
    if (cost.weightBytes !== 0n) sums.weightBytes += cost.weightBytes;
    const { times } = cost;
    if (cost.macs) sums.macs += repeated(cost.macs, times);
    if (cost.flops) sums.flops += repeated(cost.flops, times);
    if (cost.writtenBytes) sums.activationBytes += repeated(cost.writtenBytes, times);
  }

  /** A node as a profile has it; nodes with bodies count through the nodes inside. */
  addNode(node: NodeProfile): void {
    if (node.composite) return;
    const { parameters, buffers, weightBytes, times, macs, flops, writtenBytes } = node;
    const big = (value: Count | null) => (value === null ? null : BigInt(value));
    this.add({
      parameters: BigInt(parameters),
      buffers: BigInt(buffers),
      weightBytes: BigInt(weightBytes),
      times: times === undefined ? 1n : big(times),
      macs: big(macs),
      flops: big(flops),
      writtenBytes: big(writtenBytes),
    });
  }

  /** Adds what another sum has gathered. */
  include(other: FigureSum): void {
    const { sums } = other;
    for (const key of Object.keys(sums) as (keyof Sums)[]) if (sums[key] !== 0n) this.sums[key] += sums[key];
  }

  figures(): Figures {
    const { parameters, buffers, macs, flops, weightBytes, activationBytes } = this.sums;
    return {
      parameters: count(parameters),
      trainableParameters: count(parameters),
      buffers: count(buffers),
      macs: count(macs),
      flops: count(flops),
      weightBytes: count(weightBytes),
      activationBytes: count(activationBytes),
    };
  }
}

/** The nodes that work is summed over: those without bodies, of every scope. */
export function leaves(costs: ReadonlyMap<string, NodeCost>): readonly NodeCost[] {
  return [...costs.values()].filter((cost) => !cost.composite);
}
