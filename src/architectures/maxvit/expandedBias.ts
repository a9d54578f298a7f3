import type { Fill, GraphBuilder, Handle } from '../graph';

const TABLE: Fill = { kind: 'uniform', bound: 0.02 * Math.sqrt(3) };

/**
 * `[heads, side^2, side^2]` from a table `[heads, 2 side - 1, 2 side - 1]` by
 * two products with one-hot tables, as MaxViT's TensorFlow code does it: rows,
 * then columns. These products cost heads * (2 side - 1) * (side^2 * (2 side - 1) + side^4) MACs a layer.
 */
export function expandedBias(b: GraphBuilder, heads: number, side: number): Handle {
  const span = 2 * side - 1;
  const table = b.weight('relative_position_bias_table', [heads, span, span], TABLE);
  const oneHot = b.weight('lookup.mask', [side, side, span], { kind: 'values', values: differences(side) });
  const rows = b.node('Einsum', [table, oneHot], { equation: 'nhw,ixh->nixw' });
  const both = b.node('Einsum', [rows, oneHot], { equation: 'nixw,jyw->nijxy' });
  return b.node('Reshape', [both, b.constant([heads, side * side, side * side])]);
}

/** `[side, side, 2 side - 1]`: one where the last axis is query minus key, moved to begin at 0. */
function differences(side: number): Float32Array {
  const span = 2 * side - 1;
  const values = new Float32Array(side * side * span);
  for (let query = 0; query < side; query++)
    for (let key = 0; key < side; key++) values[(query * side + key) * span + query - key + side - 1] = 1;
  return values;
}
