/** A model as an engine loads it. */
export type RuntimeModel = { readonly name: string /** Bytes of weights in other files. */; readonly externalBytes: number } & (
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
);

export type TensorData =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | readonly string[];

/** A tensor on the CPU, row-major. float16 and bfloat16 elements are their 16 bits. */
export interface RuntimeTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

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

export interface RuntimeProvider {
  readonly name: string;
  readonly bundled: boolean;
}

/** Something that can run models: one adapter per engine. */
export interface Runtime {
  providers(): Promise<readonly RuntimeProvider[]>;
  /**
   * Runs a model once, on the first provider that can.
   * @throws UserError in one plain sentence when no provider can, or when the model or its input is wrong.
   */
  run(order: RunOrder): Promise<RunReport>;
  /** Releases every session. */
  dispose(): Promise<void>;
}
