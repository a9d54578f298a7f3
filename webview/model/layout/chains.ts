import type { LayoutEdge, LayoutNode, Spacing } from './types';

/** One step of an edge; `shift` is how far right of its upper end's centre the lower one's wants to be. */
export interface Step {
  readonly from: number;
  readonly to: number;
  readonly shift: number;
}

/**
 * The level with every edge cut into steps of one layer: nodes first, then one narrow stand-in per
 * layer that an edge passes through. Edges that run around the side have no stand-ins.
 */
export interface Chained {
  /** Nodes and stand-ins. */
  readonly count: number;
  readonly layerOf: Int32Array;
  readonly width: Float64Array;
  /** Steps between neighbouring layers. */
  readonly steps: readonly Step[];
  /** Per edge its stand-ins from top to bottom, or `null` for one around the side. */
  readonly passes: readonly (readonly number[] | null)[];
  /** Indices by layer, in the order in which they stand from left to right. */
  readonly rows: readonly number[][];
}

/** Cuts the edges. Linear in nodes plus `longSpan` times edges. */
export function chainEdges(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[], layers: Int32Array, spacing: Spacing): Chained {
  const layerOf: number[] = [...layers];
  const width: number[] = nodes.map((node) => node.width);
  const steps: Step[] = [];
  const passes = edges.map((edge) => {
    const top = layers[edge.from] ?? 0;
    const bottom = layers[edge.to] ?? 0;
    if (bottom <= top || bottom - top > spacing.longSpan) return null;
    const inner: number[] = [];
    let above = edge.from;
    let shift = edge.exit ?? 0;
    for (let layer = top + 1; layer < bottom; layer++) {
      const standIn = layerOf.length;
      layerOf.push(layer);
      width.push(0);
      steps.push({ from: above, to: standIn, shift });
      shift = 0;
      inner.push(standIn);
      above = standIn;
    }
    steps.push({ from: above, to: edge.to, shift: shift - (edge.enter ?? 0) });
    return inner;
  });
  const deepest = layerOf.reduce((most, layer) => Math.max(most, layer), -1);
  const rows: number[][] = Array.from({ length: deepest + 1 }, () => []);
  layerOf.forEach((layer, index) => {
    rows[layer]?.push(index);
  });
  return { count: layerOf.length, layerOf: Int32Array.from(layerOf), width: Float64Array.from(width), steps, passes, rows };
}
