import { extent, type GraphBuilder, type Handle } from '../graph';
import { type ActivationName, activation } from './activation';
import { linear } from './linear';

/** Two linear layers with an activation between them. */
export interface FeedForwardOptions {
  readonly hidden: number;
  readonly activation?: ActivationName;
  /** Width after the second layer; the input's unless given. */
  readonly out?: number;
}

/** Two linear layers with an activation between them, GELU unless given, at every position: `fc1` and `fc2`. */
export function feedForward(b: GraphBuilder, name: string, x: Handle, options: FeedForwardOptions): Handle {
  return b.scope(name, () =>
    linear(b, 'fc2', activation(b, options.activation ?? 'gelu', linear(b, 'fc1', x, options.hidden)), options.out ?? extent(x, -1)),
  );
}
