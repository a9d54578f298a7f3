import type { Finding, Node } from '../../model';
import type { ScopeShapes } from '../shapes/types';

/** What one node costs, its bodies included (a Loop's as often as it runs; of If's branches the dearer). */
export interface NodeCost {
  /** `instanceId` of the node. */
  readonly id: string;
  readonly node: Node;
  readonly scope: ScopeShapes;
  /** Elements of trainable weights first consumed here (see `constants`). */
  readonly trainable: bigint;
  /** Elements of buffers first consumed here: BatchNorm statistics, constant tables. */
  readonly buffers: bigint;
  /** Bytes of every initialiser first consumed here. */
  readonly weightBytes: bigint;
  /** `null`: not counted. */
  readonly macs: bigint | null;
  readonly flops: bigint | null;
  readonly formula: string;
  /** Bytes of all inputs; `null` where a shape is unknown. */
  readonly readBytes: bigint | null;
  /** Bytes of all outputs; `null` where a shape is unknown. */
  readonly writtenBytes: bigint | null;
  /** Why `macs` is `null`; `''` otherwise. */
  readonly reason: string;
}

export interface CostResult {
  /** By instance id; nodes of bodies included. */
  readonly nodes: ReadonlyMap<string, NodeCost>;
  /** Nodes of the main graph in file order: totals sum over these and no others. */
  readonly main: readonly NodeCost[];
  readonly findings: readonly Finding[];
}
