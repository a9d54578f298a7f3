import type { GraphBuilder, Handle } from '../graph';

/** `[N, C, H, W]` to `[N, C, height, width]`: bilinear with half-pixel centres, or each pixel repeated from its corner on. */
export function resize(b: GraphBuilder, x: Handle, height: number, width: number, mode: 'linear' | 'nearest'): Handle {
  const images = b.node('Shape', [x], { start: 0, end: 2 });
  const sizes = b.node('Concat', [images, b.constant([height, width])], { axis: 0 });
  const how =
    mode === 'linear'
      ? { mode, coordinate_transformation_mode: 'half_pixel' }
      : { mode, nearest_mode: 'floor', coordinate_transformation_mode: 'asymmetric' };
  return b.node('Resize', [x, null, null, sizes], how);
}
