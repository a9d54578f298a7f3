import type { ModelReference, OpenReference } from './modelSource';

/** A model to run several times on made-up inputs. */
export interface LatencyRequest {
  /** A reference system is built with seeded weights for it. */
  readonly model: ModelReference | OpenReference;
  /** `auto` or an ONNX Runtime provider name. */
  readonly provider: string;
  /** Measured runs; without it up to 20, for as long as a few seconds allow. */
  readonly runs?: number | undefined;
}

/** A node's share of the time of the kernels that replaced it. */
export interface NodeLatency {
  readonly id: string;
  /** Its share of its kernels' times; 0 for a node that a kernel of others absorbed. */
  readonly microseconds: number;
  /** Kernels it took part in. */
  readonly kernels: readonly string[];
  /** Achieved multiply-adds per second; `null` for a node that has none. */
  readonly macsPerSecond: number | null;
  /**
   * Achieved over reachable: the smaller of the machine's peak and of its
   * bandwidth times the node's multiply-adds per byte. Above 1 where a cache was faster than memory.
   */
  readonly roofline: number | null;
}

/** What the runtime really ran: one node, or several that it fused. */
export interface KernelLatency {
  readonly name: string;
  readonly op: string;
  readonly provider: string;
  readonly microseconds: number;
  /** Nodes it replaced, in file order. */
  readonly nodes: readonly string[];
  /** True for a kernel that only reorders, casts or copies the value of its node. */
  readonly layout: boolean;
}

/** Measured times on the nodes of the file: those of `nodes` and `unmapped` add up to those of `kernels`. */
export interface LatencyReport {
  readonly schema: 1;
  /** Provider that ran the model. */
  readonly provider: string;
  /** Why another did not, or what its times mean; `''` when there is nothing to say. */
  readonly providerNote: string;
  readonly runs: number;
  /** Whole runs, the measuring itself included; kernels take less, the rest is between them. */
  readonly wallMilliseconds: { readonly median: number; readonly minimum: number };
  /** Reached on this machine by a matrix product and an elementwise operator, both float32. */
  readonly machine: { readonly peakMacsPerSecond: number; readonly bandwidthBytesPerSecond: number };
  /** What was fed. */
  readonly inputs: readonly { readonly name: string; readonly dtype: string; readonly shape: readonly number[] }[];
  readonly nodes: readonly NodeLatency[];
  /** In the order they ran. */
  readonly kernels: readonly KernelLatency[];
  readonly unmapped: readonly { readonly name: string; readonly op: string; readonly microseconds: number }[];
}
