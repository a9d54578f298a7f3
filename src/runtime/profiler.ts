import type { Model } from '../model';
import type { RuntimeModel, RuntimeTensor } from './data';

/** A model to run several times, and on what. */
export interface ProfileOrder {
  readonly model: RuntimeModel;
  /** `auto`, or the provider to try first. */
  readonly provider: string;
  readonly feeds: Readonly<Record<string, RuntimeTensor>>;
  /** Measured runs at most. */
  readonly runs: number;
  /** Runs before those, not measured. */
  readonly warmup: number;
  /** No run begins after this many milliseconds of measured runs; one is always done. */
  readonly budget?: number | undefined;
  /** `disabled` runs the file's own nodes, one kernel each. */
  readonly optimization?: 'all' | 'disabled' | undefined;
  readonly signal?: AbortSignal | undefined;
  /** 0 to 1 over warm-up and measured runs. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/** A value that a kernel read or wrote, as the trace names it. */
export interface KernelValue {
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** A kernel of the main graph; a kernel with bodies (If, Loop) holds the time of those. */
export interface Kernel {
  readonly name: string;
  readonly op: string;
  /** `CPUExecutionProvider` and its like. */
  readonly provider: string;
  /** Median over the measured runs. */
  readonly microseconds: number;
  readonly minimumMicroseconds: number;
  readonly inputs: readonly KernelValue[];
  readonly outputs: readonly KernelValue[];
}

/** What the runtime's trace says of the measured runs. */
export interface ProfileReport {
  /** In the order they run. */
  readonly kernels: readonly Kernel[];
  /** Measured runs. */
  readonly runs: number;
  /** Whole runs, with the measuring itself, as ONNX Runtime's trace has them. */
  readonly wallMilliseconds: { readonly median: number; readonly minimum: number };
  readonly provider: string;
  /** Why a provider before this one did not run it, and what its times mean; `''` when there is nothing to say. */
  readonly note: string;
  /** The graph as the runtime rewrote it, in the order it runs; `null` where it could not be had. */
  readonly optimized: Model | null;
}

/** A runtime that can tell where the time goes. */
export interface Profiler {
  /**
   * Runs a model several times under ONNX Runtime's profiler.
   * @throws UserError in one plain sentence when it cannot be run; LimitError when the trace is too large.
   */
  profile(order: ProfileOrder): Promise<ProfileReport>;
}
