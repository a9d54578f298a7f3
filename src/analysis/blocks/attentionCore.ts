/** What the softmax (or its stand-in) of an attention core runs over. */
export type AttentionOver = 'tokens' | 'channels';

/**
 * One attention: scores between queries and keys, their normalisation and the
 * weighted sum of the values, with the names of the tensors worth tapping.
 * Matrices are `[..., queries, keys]` unless `transposed`.
 */
export interface AttentionCore {
  /** Id of its block of kind `attention`. */
  readonly block: string;
  /** Node that multiplies queries with keys; `''` in separable attention, which has no such product. */
  readonly scoresNode: string;
  /** Node that normalises the scores; `''` in linear attention without a softmax, the fused node itself in fused operators. */
  readonly softmaxNode: string;
  /** Node that forms the weighted sum of the values. */
  readonly weightedSumNode: string;
  /** True when one fused operator does everything: then no tensor of probabilities exists. */
  readonly fused: boolean;
  /** Value name of the raw product of queries and keys; `''` where none exists. */
  readonly scores: string;
  /**
   * Value name of the probabilities as they come out of the softmax, `''` where none exists (fused and linear attention).
   * In linear attention with a softmax over the keys it is that softmax's output, which is no [queries, keys] matrix: see `linear`.
   */
  readonly probabilities: string;
  /** Value name of the weights that really multiply the values (after dropout, talking heads, re-weighting); often `probabilities`. */
  readonly weights: string;
  readonly query: string;
  readonly key: string;
  readonly value: string;
  /** Value name of the weighted sum, before heads are merged. */
  readonly output: string;
  /** Shape of `probabilities`, or of `scores` where there are none; `null` where unknown. */
  readonly shape: readonly (number | string | null)[] | null;
  /** Axis of `shape` that holds heads; -1 when heads are folded into another axis or there is one head only. */
  readonly headAxis: number;
  /** Axis of `shape` that is normalised (keys). */
  readonly keyAxis: number;
  /** Axis of `shape` that holds queries; -1 where there is none. */
  readonly queryAxis: number;
  /** 0 where unknown. */
  readonly heads: number;
  /** Heads of keys and values: fewer than `heads` in grouped-query attention. */
  readonly keyValueHeads: number;
  /** Width of one head's queries; 0 where unknown. */
  readonly headSize: number;
  readonly queries: number;
  readonly keys: number;
  /** Independent attentions per image: windows, or 1 for global attention. In `shape` they stand in front of the heads, images outermost. */
  readonly batchWindows: number;
  /** Windows of neighbouring tokens, or grids of tokens far apart (MaxViT, MobileViT). Absent: none. */
  readonly partition?: 'none' | 'window' | 'grid';
  /** True where windows were shifted (rolled) before the attention and are shifted back after it. */
  readonly shifted: boolean;
  readonly over: AttentionOver;
  /** True where the weights factor (no [queries, keys] matrix exists): linear and separable attention. */
  readonly linear: boolean;
  readonly causal: boolean;
  readonly masked: boolean;
  /** Queries come from another tensor than keys and values. */
  readonly cross: boolean;
  readonly position: 'none' | 'relative bias' | 'relative' | 'rotary' | 'gated' | 'alibi' | 'absolute';
}
