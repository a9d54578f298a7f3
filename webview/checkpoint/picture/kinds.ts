import type { CheckpointTensorRow } from '../../../src/protocol';

/** The pictures that there are of a tensor. */
export const PICTURES = ['filters', 'kernels', 'similarity', 'relative', 'slice', 'spectrum'] as const;
/** One of them. */
export type PictureKind = (typeof PICTURES)[number];

type Shaped = Pick<CheckpointTensorRow, 'name' | 'shape' | 'kind'>;

/** Extents of windows that are drawn as images. */
const LEAST_WINDOW = 2;
const MOST_WINDOW = 32;
/** Extents from which two axes are channels rather than a window, where both could be either. */
const CHANNELS = 16;
/** Heads that a table of relative positions may have. */
const MOST_HEADS = 128;
/** As engine/tensorPictures.ts computes singular values. */
const MOST_SIDE = 1024;
const MOST_SPECTRUM = 2 ** 22;

/** Axes of a convolution's weights: outputs, inputs, and the two of its window. */
export interface KernelAxes {
  readonly outputs: number;
  readonly inputs: number;
  readonly height: number;
  readonly width: number;
}

const isWindow = (extent: number | undefined) => extent !== undefined && extent >= LEAST_WINDOW && extent <= MOST_WINDOW;

/** PyTorch has outputs and inputs first, Keras and Flax last; `null` where there is no window to draw. */
export function kernelAxes(shape: readonly number[]): KernelAxes | null {
  if (shape.length !== 4) return null;
  const [a = 0, b = 0, c = 0, d = 0] = shape;
  const [torch, keras] = [isWindow(c) && isWindow(d), isWindow(a) && isWindow(b)];
  // Where both could be windows it is the square one; of two squares the last, unless it is as large as channels are.
  const isKeras = keras && (!torch || (a === b && (c !== d || (c >= CHANNELS && a < c))));
  if (isKeras) return { outputs: 3, inputs: 2, height: 0, width: 1 };
  return torch ? { outputs: 0, inputs: 1, height: 2, width: 3 } : null;
}

/** A table of biases by relative place: heads along one axis, and a square (or one axis that is one) of places. */
export interface RelativeAxes {
  readonly heads: number;
  readonly places: readonly number[];
  readonly side: number;
}

/** Of `[(2h-1)(2w-1), heads]` as Swin keeps it, or `[heads, 2h-1, 2w-1]`; `null` for another form. */
export function relativeAxes({ name, shape, kind }: Shaped): RelativeAxes | null {
  if (kind !== 'position' && !/rel/i.test(name)) return null;
  const [a = 0, b = 0, c = 0] = shape;
  if (shape.length === 3 && b === c && b % 2 === 1 && a <= MOST_HEADS && b > 1) return { heads: 0, places: [1, 2], side: b };
  if (shape.length !== 2) return null;
  const root = (places: number) => {
    const side = Math.round(Math.sqrt(places));
    return side * side === places && side % 2 === 1 && side > 1 ? side : 0;
  };
  if (root(a) > 0 && b <= MOST_HEADS) return { heads: 1, places: [0], side: root(a) };
  return root(b) > 0 && a <= MOST_HEADS ? { heads: 0, places: [1], side: root(b) } : null;
}

/** The pictures that there are, the one that tells most first. */
export function picturesOf(tensor: Shaped): readonly PictureKind[] {
  const { shape, kind } = tensor;
  const axes = kernelAxes(shape);
  const long = shape.filter((extent) => extent > 1).length;
  const elements = shape.reduce((product, extent) => product * extent, 1);
  const side = Math.min(shape[0] ?? 0, elements / Math.max(1, shape[0] ?? 0));
  const has: Readonly<Record<PictureKind, boolean>> = {
    filters: axes !== null && shape[axes.inputs] === 3,
    kernels: axes !== null,
    similarity: kind === 'position' && long === 2 && relativeAxes(tensor) === null,
    relative: relativeAxes(tensor) !== null,
    slice: long >= 2,
    spectrum: shape.length >= 2 && side > 1 && side <= MOST_SIDE && elements <= MOST_SPECTRUM,
  };
  return elements === 0 ? [] : PICTURES.filter((picture) => has[picture]);
}
