/** A rectangle of tokens: `leading` tokens (class, distillation, registers) stand before `rows * columns` patch tokens. */
export interface TokenGrid {
  readonly leading: number;
  readonly rows: number;
  readonly columns: number;
}

/** How windows lie on the feature map: window `i` is in row `floor(i / columns)` and column `i % columns` of windows. */
export interface WindowGrid {
  readonly rows: number;
  readonly columns: number;
  /** Tokens by which the feature map was rolled up and left before it was cut; 0 where it was not. */
  readonly shift: number;
  /**
   * Grid attention (MaxViT): the windows interleave. The token in row `r` of window row `i` is in row
   * `r * rows + i` of the feature map; without it, in row `i * (tokens per window row) + r`.
   */
  readonly interleaved?: boolean;
}

/** An attention layer of a run whose map can be asked for, and how its tokens lie over the image. */
export interface AttentionLayer {
  /** Block id of the profile. */
  readonly block: string;
  readonly label: string;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
  /** Independent attentions in the batch axis: windows; 1 for global attention. */
  readonly windows: number;
  /** `null` where the tokens form no grid that we can place on the image; inside the window where there are several. */
  readonly queryGrid: TokenGrid | null;
  readonly keyGrid: TokenGrid | null;
  /** Where several windows lie; absent for global attention and where it cannot be told. */
  readonly windowGrid?: WindowGrid;
  /** Path of a written picture (command line only). */
  readonly file?: string;
}

/** Row-major attention [queries, keys] of one head (or the mean over heads) of one window. */
export interface AttentionMap {
  readonly block: string;
  readonly queries: number;
  readonly keys: number;
  readonly values: Float32Array;
}
