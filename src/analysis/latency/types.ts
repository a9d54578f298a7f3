/** One kernel that ran, as the runtime measured it. */
export interface KernelTime {
  readonly name: string;
  readonly op: string;
  readonly provider: string;
  /** Median over the measured runs. */
  readonly microseconds: number;
}

/** A kernel with the nodes of the file that it replaced. */
export interface MappedKernel extends KernelTime {
  /** Ids of the nodes it replaced, in file order; for a layout kernel those whose value it carries. Empty: not known. */
  readonly nodes: readonly string[];
  /** True for a kernel that computes nothing: it reorders, casts or copies a value between others. */
  readonly layout: boolean;
}

/** Kernel times on the nodes of the file: `sum(nodes) + sum(unmapped) = sum(kernels)`. */
export interface LatencyResult {
  /** In the order they ran. */
  readonly kernels: readonly MappedKernel[];
  /** Microseconds by node id; a node that no kernel ran for (folded away, or removed) is not in it. */
  readonly nodes: ReadonlyMap<string, number>;
  /** Kernels whose nodes are not known. */
  readonly unmapped: readonly MappedKernel[];
}
