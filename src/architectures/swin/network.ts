import { extent, type GraphBuilder, type Handle } from '../graph';
import { convolution, feedForward, globalAveragePool, layerNorm, linear, slice } from '../layers';
import { relativeIndex, shiftMask, windowAttention } from './attention';

/** Blocks, channels and heads of the four stages. */
export interface SwinOptions {
  readonly dim: number;
  readonly depths: readonly number[];
  readonly heads: readonly number[];
  readonly window: number;
  readonly patch: number;
  readonly mlpRatio: number;
  /** Moves the windows of every other block. */
  readonly shifted: boolean;
  readonly relative: boolean;
  readonly classes: number;
}

/** Logits of a Swin Transformer (arXiv 2103.14030) over images `[N, 3, H, W]`. */
export function swin(b: GraphBuilder, image: Handle, options: SwinOptions): Handle {
  const index = options.relative ? relativeIndex(b, options.window) : null;
  let x = b.scope('patch_embed', () => {
    const patches = convolution(b, 'proj', image, {
      out: options.dim,
      kernel: options.patch,
      stride: options.patch,
      padding: 0,
      bias: true,
    });
    return layerNorm(b, 'norm', b.node('Transpose', [patches], { perm: [0, 2, 3, 1] }));
  });
  b.scope('layers', () =>
    options.depths.forEach((depth, stage) => {
      x = b.scope(String(stage), () => {
        const input = stage === 0 ? x : b.scope('downsample', () => mergePatches(b, x));
        return b.scope('blocks', () => blocks(b, input, depth, options, { heads: options.heads[stage] ?? 1, index }));
      });
    }),
  );
  const last = b.node('Transpose', [layerNorm(b, 'norm', x)], { perm: [0, 3, 1, 2] });
  return linear(b, 'head', globalAveragePool(b, last), options.classes);
}

function blocks(
  b: GraphBuilder,
  input: Handle,
  depth: number,
  options: SwinOptions,
  attention: { readonly heads: number; readonly index: Handle | null },
): Handle {
  const { window, shifted, mlpRatio } = options;
  // A window as large as the map has nowhere to move.
  const [height, width, half] = [extent(input, 1), extent(input, 2), Math.floor(window / 2)];
  const moves = shifted && window < height && half > 0;
  const mask = moves && depth > 1 ? shiftMask(height, width, window, half) : null;
  let x = input;
  for (let block = 0; block < depth; block++) {
    const shift = moves && block % 2 === 1 ? half : 0;
    x = b.scope(String(block), () => {
      const mixed = b.node('Add', [
        x,
        windowAttention(b, layerNorm(b, 'norm1', x), { ...attention, window, shift, mask: shift > 0 ? mask : null }),
      ]);
      return b.node('Add', [mixed, feedForward(b, 'mlp', layerNorm(b, 'norm2', mixed), { hidden: Math.round(extent(x, 3) * mlpRatio) })]);
    });
  }
  return x;
}

/** Neighbouring 2 x 2 pixels of `[N, H, W, C]` side by side, normalised and reduced to `2 C`. */
function mergePatches(b: GraphBuilder, x: Handle): Handle {
  const [height, width, channels] = [extent(x, 1), extent(x, 2), extent(x, 3)];
  const corners = [0, 1].flatMap((column) => [0, 1].map((row) => slice(b, slice(b, x, 1, row, height, 2), 2, column, width, 2)));
  return linear(b, 'reduction', layerNorm(b, 'norm', b.node('Concat', corners, { axis: 3 })), 2 * channels, { bias: false });
}
