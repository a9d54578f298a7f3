import type { RuntimeModel, RuntimeTensor } from './data';
import type { Profiler } from './profiler';

export type { RuntimeModel, RuntimeTensor, TensorData } from './data';

/** A model to run once, with what it is fed. */
export interface RunOrder {
  readonly model: RuntimeModel;
  /** `auto`, or the provider to try first. */
  readonly provider: string;
  readonly feeds: Readonly<Record<string, RuntimeTensor>>;
  /** Intermediate values wanted beside the model's own outputs. */
  readonly taps: readonly string[];
  readonly signal?: AbortSignal | undefined;
  /** Called before each stage, so that a person sees what takes long. */
  readonly onStage?: ((stage: 'session' | 'run') => void) | undefined;
}

/** What a run gave. */
export interface RunReport {
  /** Outputs and taps by name. */
  readonly tensors: Readonly<Record<string, RuntimeTensor>>;
  /** The model's own outputs, in its order. */
  readonly outputs: readonly string[];
  readonly provider: string;
  /** Why a provider before this one did not run it; `''` when the first one did. */
  readonly note: string;
  /** Milliseconds; `session` is 0 when it was cached. */
  readonly timings: { readonly session: number; readonly run: number };
}

/** A device or library that a runtime can run on. */
export interface RuntimeProvider {
  readonly name: string;
  readonly bundled: boolean;
}

/** Something that can run models: one adapter per engine. */
export interface Runtime {
  /** Tells where the time goes; `null` for one that cannot. */
  readonly profiler: Profiler | null;
  providers(): Promise<readonly RuntimeProvider[]>;
  /**
   * Runs a model once, on the first provider that can.
   * @throws UserError in one plain sentence when no provider can, or when the model or its input is wrong.
   */
  run(order: RunOrder): Promise<RunReport>;
  /** Releases every session. */
  dispose(): Promise<void>;
}
