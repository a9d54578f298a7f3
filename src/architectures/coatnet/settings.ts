import type { Knobs } from '../family';
import { SIZES } from './knobs';

type Size = keyof typeof SIZES;

const DEPTHWISE: Knobs = { strideMode: 'dw' };
/** How timm builds them: stride in the depthwise convolution, average pooling, heads of 32 in every size. */
const TIMM: Knobs = { strideMode: 'dw', shortcutPool: 'average', headDim: 32 };

function paper(size: Size, imageSize: number): readonly [string, Knobs] {
  return [`CoAtNet-${size} @${imageSize}, stride in first 1x1`, { ...SIZES[size], imageSize }];
}

function strided(size: Size, imageSize: number): readonly [string, Knobs] {
  return [`CoAtNet-${size} @${imageSize}, stride in depthwise`, { ...SIZES[size], ...DEPTHWISE, imageSize }];
}

function timm(size: Size, imageSize: number): readonly [string, Knobs] {
  return [`timm coatnet_${size} @${imageSize}`, { ...SIZES[size], ...TIMM, imageSize }];
}

/** Knobs of each published record. */
export const SETTINGS: Readonly<Record<string, Knobs>> = Object.fromEntries([
  ...([0, 1, 2, 3] as const).map((size) => paper(size, 224)),
  ...([0, 1, 2, 3, 4] as const).map((size) => paper(size, 384)),
  ...([2, 3, 4, 5] as const).map((size) => paper(size, 512)),
  ...([0, 1, 2] as const).map((size) => strided(size, 224)),
  ...[384, 512].map((side) => strided(3, side)),
  ...([0, 1, 2, 3, 4, 5] as const).map((size) => timm(size, 224)),
  ...([0, 1, 2, 3, 4] as const).map((size) => timm(size, 384)),
  ...([2, 3, 4, 5] as const).map((size) => timm(size, 512)),
  ['CoAtNet-6 @512', { ...SIZES[6], imageSize: 512 }],
  ['CoAtNet-7 @512', { ...SIZES[7], imageSize: 512 }],
]);
