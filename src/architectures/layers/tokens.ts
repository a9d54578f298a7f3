import { extent, type GraphBuilder, type Handle } from '../graph';

/** `[N, C, H, W]` to tokens `[N, H * W, C]`, row by row. */
export function imageToTokens(b: GraphBuilder, x: Handle): Handle {
  const flat = b.node('Reshape', [x, b.constant([0, extent(x, 1), extent(x, 2) * extent(x, 3)])]);
  return b.node('Transpose', [flat], { perm: [0, 2, 1] });
}

/** Tokens `[N, height * width, C]` back to `[N, C, height, width]`. */
export function tokensToImage(b: GraphBuilder, x: Handle, height: number, width: number): Handle {
  const channels = b.node('Transpose', [x], { perm: [0, 2, 1] });
  return b.node('Reshape', [channels, b.constant([0, extent(x, -1), height, width])]);
}
