import { readFile, stat } from 'node:fs/promises';
import type { Metadata, Sharp, SharpOptions } from 'sharp';
import { FormatError, LimitError, UserError } from '../bytes';
import type { Size } from '../vision/geometry';
import { type Raster, toRgb } from '../vision/raster';
import { decodeBmp, isBmp, readBmpHeader } from './bmp';

/** More pixels than this would take more than 400 MB decoded. */
export const MAX_IMAGE_PIXELS = 2 ** 27;
/** An image file larger than this is refused unread. */
export const MAX_IMAGE_BYTES = 2 ** 29;

export type ImageSource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'bytes'; readonly name: string; readonly bytes: Uint8Array };

/** Loads the decoder ahead, so that the first image's time is its own. @throws UserError where this platform has none. */
export async function loadDecoder(): Promise<typeof import('sharp').default> {
  try {
    return (await import('sharp')).default;
  } catch (error) {
    const [cause] = String(error).split('\n');
    throw new UserError(`The image decoder cannot be loaded on this machine (${process.platform} ${process.arch}): ${cause}`);
  }
}

/**
 * An image file as upright 8-bit RGB, as Pillow's `convert('RGB')` gives it
 * after `exif_transpose`: alpha is dropped, embedded colour profiles are
 * ignored, CMYK is inverted without a profile, 16 bits keep their high byte,
 * animations give their first frame (a GIF's transparent pixels are black, where
 * Pillow shows their palette entry). JPEG decoders differ by a few levels from
 * version to version; lossless formats are exact.
 * @throws FormatError when it is no image, LimitError when it is too large, UserError when it cannot be read.
 */
export async function decodeImage(source: ImageSource): Promise<Raster> {
  const name = source.kind === 'file' ? source.path : source.name;
  const bytes = source.kind === 'file' ? await readImageFile(source.path) : source.bytes;
  if (bytes.length === 0) throw new FormatError(`${name} is no image that can be read: the file is empty.`, { format: 'image', offset: 0 });
  try {
    return isBmp(bytes) ? fromBmp(bytes, name) : await fromSharp(bytes, name);
  } catch (error) {
    if (error instanceof LimitError || error instanceof UserError) throw error;
    throw new FormatError(`${name} is no image that can be read: ${cause(error)}`, { format: 'image' });
  }
}

function fromBmp(bytes: Uint8Array, name: string): Raster {
  checkPixels(readBmpHeader(bytes), name);
  return decodeBmp(bytes);
}

async function fromSharp(bytes: Uint8Array, name: string): Promise<Raster> {
  const sharp = await loadDecoder();
  // One image at a time is decoded; nothing is worth keeping.
  sharp.cache(false);
  const options: SharpOptions = { limitInputPixels: false, failOn: 'error', ignoreIcc: true, pages: 1 };
  const metadata = await sharp(bytes, options).metadata();
  checkPixels(metadata, name);
  return metadata.space === 'cmyk' ? fromCmyk(sharp(bytes, options)) : toRaster(sharp(bytes, options), metadata);
}

async function readImageFile(path: string): Promise<Buffer> {
  try {
    const info = await stat(path);
    if (!info.isFile()) throw new UserError(`${path} is not a file. Choose an image file.`);
    if (info.size > MAX_IMAGE_BYTES) {
      throw new LimitError(`${path} has ${info.size} bytes; images of up to ${MAX_IMAGE_BYTES} bytes are read.`, {
        name: 'MAX_IMAGE_BYTES',
        value: MAX_IMAGE_BYTES,
      });
    }
    return await readFile(path);
  } catch (error) {
    if (error instanceof UserError || error instanceof LimitError) throw error;
    throw new UserError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? error}). Check the path.`);
  }
}

function checkPixels({ width, height }: Size, name: string): void {
  if (width * height <= MAX_IMAGE_PIXELS) return;
  throw new LimitError(`${name} has ${width} x ${height} pixels; images of up to ${MAX_IMAGE_PIXELS} pixels are read.`, {
    name: 'MAX_IMAGE_PIXELS',
    value: MAX_IMAGE_PIXELS,
  });
}

async function toRaster(image: Sharp, { space, depth }: Metadata): Promise<Raster> {
  const deep = depth === 'ushort' && (space === 'grey16' || space === 'rgb16');
  const gray = space === 'b-w' || space === 'grey16';
  const upright = image.autoOrient().removeAlpha();
  const pixels = deep
    ? upright.pipelineColourspace(space).toColourspace(space).raw({ depth: 'ushort' })
    : upright.toColourspace(gray ? 'b-w' : 'srgb').raw({ depth: 'uchar' });
  const { data, info } = await pixels.toBuffer({ resolveWithObject: true });
  if (info.channels !== 1 && info.channels !== 3) throw new Error(`it has ${info.channels} colour channels`);
  return toRgb({ width: info.width, height: info.height, channels: info.channels, data: deep ? highBytes(data) : data });
}

/** Of 16-bit samples, little-endian as on every machine that Node and sharp run on. */
function highBytes(samples: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: samples.length / 2 }, (_, index) => samples[index * 2 + 1] ?? 0);
}

/** Pillow's way without a profile: each ink takes its share of what black leaves. */
async function fromCmyk(image: Sharp): Promise<Raster> {
  const upright = image.pipelineColourspace('cmyk').toColourspace('cmyk').autoOrient();
  const { data, info } = await upright.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  const pixels = info.width * info.height;
  const rgb = new Uint8Array(pixels * 3);
  for (let i = 0, from = 0, to = 0; i < pixels; i++, from += info.channels) {
    const light = 255 - (data[from + 3] ?? 0);
    for (let ink = 0; ink < 3; ink++) rgb[to++] = Math.max(0, light - multiply(data[from + ink] ?? 0, light));
  }
  return { width: info.width, height: info.height, channels: 3, data: rgb };
}

/** a * b / 255, rounded, in Pillow's integer arithmetic. */
function multiply(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}

/** The decoder's complaint as the end of a sentence. */
function cause(error: unknown): string {
  const message = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').trim();
  if (/unsupported image format/i.test(message))
    return 'its content is no image format that is known (PNG, JPEG, WebP, GIF, TIFF, AVIF, BMP, SVG).';
  return `${message.replace(/^(Input (buffer|file) )/, '').replace(/\.$/, '')}.`;
}
