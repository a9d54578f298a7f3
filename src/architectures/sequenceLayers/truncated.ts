import { extent, type GraphBuilder, type Handle } from '../graph';
import { linear } from '../layers';

/** Self-attention that sees a neighbourhood of each step alone. */
export interface TruncatedOptions {
  readonly heads: number;
  readonly bias: boolean;
  readonly causal: boolean;
  readonly neighbourhood: number;
}

/** Steps before a query that it sees; the query itself and the steps after it fill the rest of the neighbourhood. */
export function stepsBefore(neighbourhood: number, causal: boolean): number {
  return causal ? neighbourhood - 1 : Math.floor(neighbourhood / 2);
}

/**
 * Self-attention of each step over its `neighbourhood` nearest steps (arXiv
 * 1706.03762, section 4): 2 n r d MACs beside the projections. Places outside
 * the sequence are hidden.
 */
export function truncatedAttention(b: GraphBuilder, x: Handle, options: TruncatedOptions): Handle {
  const { heads, bias, neighbourhood } = options;
  const [steps, width] = [extent(x, 1), extent(x, 2)];
  const size = width / heads;
  const places = placesOf(steps, options);
  const clipped = places.map((place) => Math.min(Math.max(place, 0), steps - 1));
  const nearest = b.constant(clipped, 'int64', [steps, neighbourhood]);
  return b.scope('attn', () => {
    const neighbours = (name: string, perm: readonly number[]) => {
      const around = b.node('Gather', [linear(b, name, x, width, { bias }), nearest], { axis: 1 });
      return b.node('Transpose', [b.node('Reshape', [around, b.constant([0, steps, neighbourhood, heads, size])])], { perm });
    };
    const q = b.node('Reshape', [linear(b, 'q_proj', x, width, { bias }), b.constant([0, steps, heads, 1, size])]);
    const scores = b.node('MatMul', [b.node('Mul', [q, b.scalar(1 / Math.sqrt(size))]), neighbours('k_proj', [0, 1, 3, 4, 2])]);
    const rows = b.node('Softmax', [b.node('Add', [scores, hidden(b, places, steps, neighbourhood)])], { axis: -1 });
    const mixed = b.node('MatMul', [rows, neighbours('v_proj', [0, 1, 3, 2, 4])]);
    return linear(b, 'out_proj', b.node('Reshape', [mixed, b.constant([0, steps, width])]), width, { bias });
  });
}

/** Key of each query and neighbour, row by row; before 0 and from `steps` on there is none. */
function placesOf(steps: number, { neighbourhood, causal }: TruncatedOptions): number[] {
  const before = stepsBefore(neighbourhood, causal);
  return Array.from({ length: steps * neighbourhood }, (_, at) => Math.floor(at / neighbourhood) - before + (at % neighbourhood));
}

/** `[steps, 1, 1, neighbourhood]`: minus infinity where there is no key. */
function hidden(b: GraphBuilder, places: readonly number[], steps: number, neighbourhood: number): Handle {
  const at = b.constant(places, 'int64', [steps, 1, 1, neighbourhood]);
  const outside = b.node('Or', [b.node('Less', [at, b.scalar(0, 'int64')]), b.node('Greater', [at, b.scalar(steps - 1, 'int64')])]);
  return b.node('Where', [outside, b.scalar(Number.NEGATIVE_INFINITY), b.scalar(0)]);
}
