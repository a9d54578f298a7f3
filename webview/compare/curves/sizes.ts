import { maximumOf, minimumOf } from '../../../src/data';
import type { InputSize } from '../../../src/protocol';
import { t } from './strings';

/** What a size is of: the side of an image, or the steps of a sequence. */
export type SizeKind = InputSize['kind'];

/** Sizes of one chart: more would be counted for minutes, and no eye tells them apart. */
const MAX_SIZES = 32;
const LARGEST: Readonly<Record<SizeKind, number>> = { image: 4096, sequence: 65_536 };

/** 224 and 448 are what windows of 7 tile. */
const IMAGES = [128, 192, 224, 256, 320, 384, 448, 512];
const SMALL_IMAGES = [32, 64, 96, 128, 160, 192, 224, 256];
const LARGE_IMAGES = [640, 768, 1024, 1280, 1536, 2048];
const SEQUENCES = [64, 128, 256, 512, 1024, 2048, 4096];
/** Up to this side an image counts as small. */
const SMALL = 112;

/** Sizes that suit models whose own sizes are these. */
export function defaultSizes(kind: SizeKind, own: readonly number[]): readonly number[] {
  const [least, most] = [minimumOf(own), maximumOf(own)];
  if (kind === 'sequence') return [...SEQUENCES, ...doubled(4096, most)];
  if (own.length === 0) return IMAGES;
  if (most <= SMALL) return SMALL_IMAGES;
  const below = SMALL_IMAGES.filter((size) => size < 128 && size >= least);
  return [...below, ...IMAGES, ...LARGE_IMAGES.filter((_, index) => (index === 0 ? most > 512 : most > (LARGE_IMAGES[index - 1] ?? 0)))];
}

/** Twice as long again until `most` is reached. */
function doubled(from: number, most: number): readonly number[] {
  const sizes: number[] = [];
  for (let size = from; size < most && size < LARGEST.sequence; ) {
    size *= 2;
    sizes.push(size);
  }
  return sizes;
}

/** The sizes that were typed, or what is wrong with them. */
export type ParsedSizes = { readonly sizes: readonly number[]; readonly error: '' } | { readonly sizes: null; readonly error: string };

/** Sizes as a person writes them: `128, 224, 384`. */
export function parseSizes(kind: SizeKind, text: string): ParsedSizes {
  const words = text.split(/[\s,;]+/).filter((word) => word !== '');
  const wrong = words.find((word) => !/^\d{1,9}$/.test(word) || Number(word) < 1 || Number(word) > LARGEST[kind]);
  if (wrong !== undefined) return { sizes: null, error: t.wrongSize(wrong, LARGEST[kind].toLocaleString('en')) };
  const sizes = [...new Set(words.map(Number))].sort((a, b) => a - b);
  if (sizes.length < 2) return { sizes: null, error: t.tooFewSizes };
  if (sizes.length > MAX_SIZES) return { sizes: null, error: t.tooManySizes(String(sizes.length), String(MAX_SIZES)) };
  return { sizes, error: '' };
}
