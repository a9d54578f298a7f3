import type { NodeCost } from './cost/types';
import type { Count, Figures } from './profile';

/** A count as JSON can carry it exactly: a decimal string past 2^53 - 1. */
export function count(value: bigint): Count {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
}

interface Sums {
  parameters: bigint;
  buffers: bigint;
  macs: bigint;
  flops: bigint;
  weightBytes: bigint;
  activationBytes: bigint;
}

/** Adds up nodes' figures exactly; what is not counted adds nothing (and is listed elsewhere). */
export class FigureSum {
  private readonly sums: Sums = { parameters: 0n, buffers: 0n, macs: 0n, flops: 0n, weightBytes: 0n, activationBytes: 0n };

  /** One node as often as the model runs it; where that is unknown, only its weights count. */
  add(cost: NodeCost): void {
    const { sums } = this;
    const times = cost.times ?? 0n;
    sums.parameters += cost.parameters;
    sums.buffers += cost.buffers;
    sums.weightBytes += cost.weightBytes;
    sums.macs += times * (cost.macs ?? 0n);
    sums.flops += times * (cost.flops ?? 0n);
    sums.activationBytes += times * (cost.writtenBytes ?? 0n);
  }

  /** Adds what another sum has gathered. */
  include(other: FigureSum): void {
    for (const key of Object.keys(this.sums) as (keyof Sums)[]) this.sums[key] += other.sums[key];
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
