/** Indices `from`, `from + step`, ... of one axis, `count` of them. */
export interface AxisPart {
  readonly from: number;
  readonly count: number;
  readonly step: number;
}

/** Singular values, the largest first, of a tensor as a matrix of its first axis by all others. */
export interface TensorSpectrum {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

/** Cosines between the vectors of a list, row-major [rows, rows]; every `step`-th of them. */
export interface TensorSimilarity {
  readonly rows: number;
  readonly step: number;
  readonly cosines: Float32Array;
}

/** What draws stored tensors, of models and checkpoints alike. */
export interface TensorPicturesApi {
  /** Elements at these indices of each axis, row-major; at most `LIMITS.pictureElements`. */
  tensorBlock(params: { readonly handle: string; readonly tensor: string; readonly parts: readonly AxisPart[] }): Promise<Float32Array>;
  tensorSpectrum(params: { readonly handle: string; readonly tensor: string }): Promise<TensorSpectrum>;
  tensorSimilarity(params: { readonly handle: string; readonly tensor: string }): Promise<TensorSimilarity>;
}
