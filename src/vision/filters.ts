/** Pillow's names for its resampling filters. */
export const FILTERS = ['nearest', 'bilinear', 'bicubic', 'lanczos', 'box', 'hamming'] as const;
/** A filter that images are resized with, by Pillow's names. */
export type Filter = (typeof FILTERS)[number];

interface Kernel {
  /** Half the width, in pixels of the finer grid. */
  readonly support: number;
  weight(x: number): number;
}

// Pillow writes these two as C floats.
const HAMMING_BASE = Math.fround(0.54);
const HAMMING_SWING = Math.fround(0.46);
const CUBIC_A = -0.5;

function sinc(x: number): number {
  if (x === 0) return 1;
  const angle = x * Math.PI;
  return Math.sin(angle) / angle;
}

function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return ((CUBIC_A + 2) * x - (CUBIC_A + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * CUBIC_A;
  return 0;
}

function hamming(distance: number): number {
  const x = Math.abs(distance);
  if (x === 0) return 1;
  if (x >= 1) return 0;
  const angle = x * Math.PI;
  return (Math.sin(angle) / angle) * (HAMMING_BASE + HAMMING_SWING * Math.cos(angle));
}

/** The kernels of Pillow's `Resample.c`; nearest has none, it picks pixels. */
export const KERNELS: Readonly<Record<Exclude<Filter, 'nearest'>, Kernel>> = {
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  hamming: { support: 1, weight: hamming },
  bicubic: { support: 2, weight: cubic },
  lanczos: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};
