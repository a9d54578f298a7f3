import { LimitError } from '../bytes';
import type { Size } from '../vision/geometry';
import type { ImageKind } from '../vision/imageKind';

/**
 * Pixels of an image, so that decoding it holds at most about 1 GB: by format, since decoders differ in what they hold
 * beside the 3 bytes of a pixel that come out. Measured with libvips 8.17 (in bytes a pixel): PNG 3 to 6, JPEG 6, TIFF 3
 * to 6, BMP 7 with its file; WebP 8; GIF 10; AVIF 20. Cameras reach 100 million (2^27 is 134 million), in JPEG and TIFF.
 */
export const IMAGE_PIXELS: Readonly<Record<ImageKind, number>> = {
  PNG: 2 ** 27,
  JPEG: 2 ** 27,
  TIFF: 2 ** 27,
  BMP: 2 ** 27,
  WebP: 2 ** 26,
  GIF: 2 ** 26,
  AVIF: 2 ** 25,
};

/** An image file larger than this is refused unread: 2^27 pixels of 32 bits, uncompressed, fill it. */
export const IMAGE_BYTES = 2 ** 29 + 2 ** 20;
/** Decoding the largest image takes 1 to 4 s of one core, and up to ten times that where the machine is busy. */
export const DECODE_SECONDS = 60;

/** @throws LimitError when an image has more pixels than are read of its format. */
export function checkPixels(kind: ImageKind, { width, height }: Size, name: string): void {
  const value = IMAGE_PIXELS[kind];
  if (width * height <= value) return;
  throw new LimitError(
    `${name} has ${width} x ${height} pixels; ${kind} images of up to ${value} pixels are read. Make it smaller first.`,
    {
      name: 'IMAGE_PIXELS',
      value,
    },
  );
}

/** Says that an image file of `size` bytes is not read, and from which size on none is. */
export function tooManyBytes(name: string, size: number): LimitError {
  return new LimitError(`${name} has ${size} bytes; images of up to ${IMAGE_BYTES} bytes are read. Make it smaller first.`, {
    name: 'IMAGE_BYTES',
    value: IMAGE_BYTES,
  });
}

/** Decoding took too long. */
export function tooLong(name: string, seconds: number): LimitError {
  return new LimitError(`${name} could not be decoded within ${seconds} s. Save it again as an ordinary PNG or JPEG.`, {
    name: 'DECODE_SECONDS',
    value: seconds,
  });
}
