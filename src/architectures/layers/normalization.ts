import { extent, type GraphBuilder, type Handle, ONES, ZEROS } from '../graph';

/** BatchNorm in inference over axis 1: 2 C parameters and 2 C running statistics (buffers). */
export function batchNorm(b: GraphBuilder, name: string, x: Handle, epsilon = 1e-5): Handle {
  const shape = [extent(x, 1)];
  return b.scope(name, () =>
    b.node(
      'BatchNormalization',
      [
        x,
        b.weight('weight', shape, ONES),
        b.weight('bias', shape, ZEROS),
        b.weight('running_mean', shape, ZEROS),
        b.weight('running_var', shape, ONES),
      ],
      { epsilon: { float: epsilon }, momentum: { float: 0.9 } },
    ),
  );
}

/** LayerNorm over the last axis: 2 C parameters. */
export function layerNorm(b: GraphBuilder, name: string, x: Handle, epsilon = 1e-5): Handle {
  const shape = [extent(x, -1)];
  return b.scope(name, () =>
    b.node('LayerNormalization', [x, b.weight('weight', shape, ONES), b.weight('bias', shape, ZEROS)], {
      axis: -1,
      epsilon: { float: epsilon },
    }),
  );
}

/** LayerNorm over the channels of `[N, C, H, W]`, as ConvNeXt does it: through `[N, H, W, C]` and back. */
export function channelLayerNorm(b: GraphBuilder, name: string, x: Handle, epsilon = 1e-6): Handle {
  return b.scope(name, () => {
    const last = b.node('Transpose', [x], { perm: [0, 2, 3, 1] });
    const shape = [extent(last, -1)];
    const normal = b.node('LayerNormalization', [last, b.weight('weight', shape, ONES), b.weight('bias', shape, ZEROS)], {
      axis: -1,
      epsilon: { float: epsilon },
    });
    return b.node('Transpose', [normal], { perm: [0, 3, 1, 2] });
  });
}
