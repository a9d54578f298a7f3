import type { Finding, Node } from '../../model';
import type { ScopeShapes } from '../shapes/types';

/** What one node costs when it runs once, its bodies included (a Loop's as often as it turns; of If's branches the dearer). */
export interface NodeCost {
  /** `instanceId` of the node. */
  readonly id: string;
  readonly node: Node;
  readonly scope: ScopeShapes;
  /** The node's number in the scope's wiring. */
  readonly number: number;
  /** How often it runs in one run of the model: turns of the loops around it, 0 in a branch not counted; `null` where that is unknown. */
  readonly times: bigint | null;
  /** True for a node with bodies: its figures are those of the nodes inside, which are listed too. */
  readonly composite: boolean;
  /** True for a node whose body or function was not gone into (too deep, too large, endless): what it holds is not known. */
  readonly unopened: boolean;
  /** Elements of weights first consumed here (or inside). */
  readonly parameters: bigint;
  /** Elements of buffers first consumed here (or inside): BatchNorm statistics, masks. */
  readonly buffers: bigint;
  /** Bytes of every constant first consumed here (or inside), whatever its role; integers of a Constant node count there. */
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

/** What every node of the model costs. */
export interface CostResult {
  /** By instance id; nodes of bodies included. */
  readonly nodes: ReadonlyMap<string, NodeCost>;
  /** Of a scope's nodes, by node number. */
  of(scope: ScopeShapes): readonly NodeCost[];
  /** Nodes of the main graph in file order: totals sum over these and no others. */
  readonly main: readonly NodeCost[];
  /** Bytes of constants by dtype. */
  readonly weightBytesByType: ReadonlyMap<string, bigint>;
  readonly findings: readonly Finding[];
}
