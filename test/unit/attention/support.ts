import type { AttentionCore } from '../../../src/analysis/blocks/attentionCore';
import type { AttentionLayer } from '../../../src/attention/layer';
import type { ElementReader } from '../../../src/attention/maps';

/** A plain attention of 2 heads over 3 tokens, `[B, H, Q, K]`. */
export function core(over: Partial<AttentionCore> = {}): AttentionCore {
  return {
    block: 'b0',
    scoresNode: 'n0',
    softmaxNode: 'n1',
    weightedSumNode: 'n2',
    fused: false,
    scores: 'scores',
    probabilities: 'probabilities',
    weights: 'probabilities',
    query: 'q',
    key: 'k',
    value: 'v',
    output: 'o',
    shape: [1, 2, 3, 3],
    headAxis: 1,
    keyAxis: 3,
    queryAxis: 2,
    heads: 2,
    keyValueHeads: 2,
    headSize: 8,
    queries: 3,
    keys: 3,
    batchWindows: 1,
    shifted: false,
    over: 'tokens',
    linear: false,
    causal: false,
    masked: false,
    cross: false,
    position: 'none',
    ...over,
  };
}

export function layer(over: Partial<AttentionLayer> = {}): AttentionLayer {
  return { block: 'b0', label: 'b0', heads: 1, queries: 4, keys: 4, windows: 1, queryGrid: null, keyGrid: null, ...over };
}

/** Reads positions themselves: element i is i. */
export const positions: ElementReader = (index) => index;
