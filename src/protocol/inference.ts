import type { AttentionLayer } from '../attention/layer';
import type { Answer, ClassScore } from '../vision/answer';
import type { Recipe } from '../vision/recipe';

export type { AttentionLayer, AttentionMap, TokenGrid, WindowGrid } from '../attention/layer';
export type { Answer, ClassesAnswer, ClassScore, TensorAnswer } from '../vision/answer';
export type { Recipe } from '../vision/recipe';

/** Milliseconds per stage. */
export interface Timings {
  readonly decode: number;
  readonly preprocess: number;
  /** Making the session; 0 when it was cached. */
  readonly session: number;
  readonly run: number;
}

/** What a run said, how long it took and what it was fed; attention maps are asked for under its handle. */
export interface RunResult {
  readonly schema: 1;
  /** Handle for asking attention maps; held by the engine until the panel closes. */
  readonly run: string;
  readonly model: string;
  readonly image: { readonly name: string; readonly width: number; readonly height: number };
  /** The provider that really ran: `cpu`, `webgpu`, `cuda`, `dml`, `coreml`... */
  readonly provider: string;
  /** Why another provider than the wished one ran; `''` when none was skipped. */
  readonly providerNote: string;
  readonly timings: Timings;
  readonly recipe: Recipe;
  /** Which rectangle of the (upright) image the network saw, in image pixels. */
  readonly seen: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** One for each output: what it says where that is understood, else the tensor it is. */
  readonly answers: readonly Answer[];
  /** The classes among the answers, best first, up to a limit of 1000; empty when there are none. */
  readonly labels: readonly ClassScore[];
  readonly outputs: readonly { readonly name: string; readonly dtype: string; readonly shape: readonly number[] }[];
  readonly attention: readonly AttentionLayer[];
  readonly warnings: readonly string[];
}
