/** An attention core as found, in node numbers and value names, before its projections and extents are known. */
export interface RawCore {
  readonly kind: 'softmax' | 'factored' | 'separable' | 'local' | 'fused';
  /** Node that multiplies queries with keys (in factored attention: keys with values); -1 without one. */
  readonly scores: number;
  /** -1 without one. */
  readonly softmax: number;
  readonly weightedSum: number;
  /** Value names; `''` where unknown. */
  readonly query: string;
  readonly key: string;
  readonly value: string;
  /** Value that multiplies the values. */
  readonly weights: string;
  readonly output: string;
  /** Nodes between scores and weighted sum: scale, mask, bias, softmax, dropout, talking heads. */
  readonly path: readonly number[];
  /** Mixes heads between scores and weighted sum (talking heads, re-attention). */
  readonly mixesHeads: boolean;
}
