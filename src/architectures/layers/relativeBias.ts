import type { Fill, GraphBuilder, Handle } from '../graph';

/** A learned number for each head and each offset between two positions of a window. */
export interface RelativeBiasOptions {
  readonly heads: number;
  readonly height: number;
  readonly width: number;
  readonly fill?: Fill;
}

/** Bound of a uniform distribution with the standard deviation 0.02 that bias tables start from. */
const TABLE: Fill = { kind: 'uniform', bound: 0.02 * Math.sqrt(3) };

/**
 * Relative position bias `[heads, H * W, H * W]` from one learned table
 * `[heads, 2H - 1, 2W - 1]` per layer (arXiv 2106.04803, section 2.1): entry
 * (i, j) is the table at row i - j and column i - j, moved to begin at 0.
 * Rows and columns are looked up one after the other, so that the indices are
 * H^2 and W^2 numbers and not (H W)^2.
 */
export function relativeBias(b: GraphBuilder, name: string, { heads, height, width, fill = TABLE }: RelativeBiasOptions): Handle {
  return b.scope(name, () => {
    const table = b.weight('relative_position_bias_table', [heads, 2 * height - 1, 2 * width - 1], fill);
    const rows = b.node('Gather', [table, differences(b, height)], { axis: 1 });
    const both = b.node('Gather', [rows, differences(b, width)], { axis: 3 });
    const ordered = b.node('Transpose', [both], { perm: [0, 1, 3, 2, 4] });
    return b.node('Reshape', [ordered, b.constant([heads, height * width, height * width])]);
  });
}

/** `[side, side]`: query minus key, from 0 to 2 side - 2. */
function differences(b: GraphBuilder, side: number): Handle {
  const indices = Array.from({ length: side * side }, (_, at) => Math.floor(at / side) - (at % side) + side - 1);
  return b.constant(indices, 'int64', [side, side]);
}
