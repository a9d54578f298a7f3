import type { Dim } from '../../src/model';

/** `[1, 64, 56, 56]`; a free extent keeps its name, an unknown one is `?`, as is an unknown shape. */
export function shapeText(shape: readonly Dim[] | null): string {
  return shape === null ? '[?]' : `[${shape.map((dim) => dim ?? '?').join(', ')}]`;
}
