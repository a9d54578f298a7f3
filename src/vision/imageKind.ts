/** The image formats that are read, by what people call them. */
export const IMAGE_KINDS = ['PNG', 'JPEG', 'WebP', 'GIF', 'BMP', 'TIFF', 'AVIF'] as const;
/** A format of images that is decoded. */
export type ImageKind = (typeof IMAGE_KINDS)[number];

/** Where a format's first bytes are, as Latin-1 text. */
const SIGNATURES: readonly (readonly [kind: ImageKind, at: number, text: string])[] = [
  ['PNG', 0, '\x89PNG\r\n\x1a\n'],
  ['JPEG', 0, '\xff\xd8\xff'],
  ['GIF', 0, 'GIF87a'],
  ['GIF', 0, 'GIF89a'],
  ['BMP', 0, 'BM'],
  ['TIFF', 0, 'II*\0'],
  ['TIFF', 0, 'MM\0*'],
  ['TIFF', 0, 'II+\0'],
  ['TIFF', 0, 'MM\0+'],
];

/** Of an ISO base media file: length, `ftyp`, major brand, version, then the brands that it is compatible with. */
const BRANDS = 8;
const LONGEST_BRANDS = 256;

/**
 * What an image file's own bytes say it is; its name says nothing. `null` for anything else: drawings (SVG, PDF) are no
 * images here, because a hundred bytes of them can ask for any amount of work.
 */
export function imageKind(bytes: Uint8Array): ImageKind | null {
  const found = SIGNATURES.find(([, at, text]) => textAt(bytes, at, text.length) === text);
  if (found) return found[0];
  if (textAt(bytes, 0, 4) === 'RIFF' && textAt(bytes, 8, 4) === 'WEBP') return 'WebP';
  return textAt(bytes, 4, 4) === 'ftyp' && isAvif(bytes) ? 'AVIF' : null;
}

function isAvif(bytes: Uint8Array): boolean {
  const length = ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0);
  for (let at = BRANDS; at < Math.min(length, LONGEST_BRANDS); at += 4) {
    const brand = textAt(bytes, at, 4);
    if (brand === 'avif' || brand === 'avis') return true;
  }
  return false;
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  return Array.from(bytes.subarray(at, at + length), (code) => String.fromCharCode(code)).join('');
}
