import type { AttentionLayer, AttentionMap } from '../../src/protocol';

/** Rollout multiplies the layers' maps, so all must attend from the same tokens to the same tokens. */
export function canRollOut(layers: readonly AttentionLayer[]): boolean {
  const first = layers[0];
  if (!first || layers.length < 2 || !first.keyGrid) return false;
  return layers.every(
    (layer) =>
      layer.windows === 1 &&
      layer.queries === layer.keys &&
      layer.queries === first.queries &&
      JSON.stringify(layer.keyGrid) === JSON.stringify(first.keyGrid) &&
      JSON.stringify(layer.queryGrid) === JSON.stringify(first.queryGrid),
  );
}

/**
 * Attention rollout (Abnar and Zuidema 2020, Quantifying Attention Flow in
 * Transformers): with A = 0.5 W + 0.5 I per layer, W the mean over heads, the
 * rows `weights` [tokens] of A_L ... A_2 A_1. `maps` begin with the first
 * layer. Works from the last layer down on one vector, so the product of the
 * matrices is never made.
 */
export function rollout(maps: readonly AttentionMap[], weights: Float32Array): Float32Array {
  let flow = Float64Array.from(weights);
  for (let layer = maps.length - 1; layer >= 0; layer--) {
    const map = maps[layer];
    if (!map) continue;
    const tokens = map.keys;
    const next = new Float64Array(tokens);
    for (let query = 0; query < tokens; query++) {
      const share = (flow[query] ?? 0) / 2;
      if (share === 0) continue;
      next[query] = (next[query] ?? 0) + share;
      const start = query * tokens;
      for (let key = 0; key < tokens; key++) next[key] = (next[key] ?? 0) + share * (map.values[start + key] ?? 0);
    }
    flow = next;
  }
  return Float32Array.from(flow);
}
