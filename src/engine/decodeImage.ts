import type { Metadata, Sharp, SharpOptions } from 'sharp';
import { FormatError, LimitError, UserError } from '../bytes';
import { IMAGE_KINDS, imageKind } from '../vision/imageKind';
import { type Raster, toRgb } from '../vision/raster';
import { decodeBmp, readBmpHeader } from './bmp';
import { checkPixels, DECODE_SECONDS, IMAGE_BYTES, tooLong, tooManyBytes } from './imageLimits';
import { hasMoreRows, withMoreRows } from './jpegRows';
import { readRegularFile } from './regularFile';
import { inSteps } from './steps';

/** An image's bytes: a file of this machine, or the bytes themselves with the name that messages use. */
export type ImageSource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'bytes'; readonly name: string; readonly bytes: Uint8Array };

/** When decoding ends early. */
export interface DecodeOptions {
  readonly signal?: AbortSignal | undefined;
  /** DECODE_SECONDS unless told. */
  readonly seconds?: number;
}

/** What libvips may load; its other loaders (SVG, PDF, whatever a build has) stay shut even where a file's first bytes lie. */
const LOADERS = ['Png', 'Jpeg', 'Webp', 'Nsgif', 'Tiff', 'Heif'].map((name) => `VipsForeignLoad${name}`);

/** Loads the decoder ahead, so that the first image's time is its own. @throws UserError where this platform has none. */
export async function loadDecoder(): Promise<typeof import('sharp').default> {
  try {
    const sharp = (await import('sharp')).default;
    // One image at a time is decoded; nothing is worth keeping.
    sharp.cache(false);
    sharp.block({ operation: ['VipsForeignLoad'] });
    sharp.unblock({ operation: LOADERS });
    return sharp;
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
 * version to version; lossless formats are exact. Cancelled or out of time it
 * answers at once; libvips then ends in the background, within the same time.
 * @throws FormatError when it is no image, LimitError when it is too large or takes too long, UserError when it cannot be
 * read, and the signal's reason.
 */
export async function decodeImage(source: ImageSource, { signal, seconds = DECODE_SECONDS }: DecodeOptions = {}): Promise<Raster> {
  const name = source.kind === 'file' ? source.path : source.name;
  const stop = AbortSignal.any([AbortSignal.timeout(seconds * 1000), ...(signal ? [signal] : [])]);
  try {
    stop.throwIfAborted();
    const bytes = source.kind === 'file' ? await readImageFile(source.path, stop) : source.bytes;
    if (bytes.length === 0) throw new Error('the file is empty');
    return await Promise.race([decodeBytes(bytes, name, { signal: stop, seconds }), whenAborted(stop)]);
  } catch (error) {
    signal?.throwIfAborted();
    if (stop.aborted || isTimeout(error)) throw tooLong(name, seconds);
    if (error instanceof LimitError || error instanceof UserError) throw error;
    throw new FormatError(`${name} is no image that can be read: ${cause(error)}`, { format: 'image' });
  }
}

/** libvips gives up by itself, with its own words. */
function isTimeout(error: unknown): boolean {
  return error instanceof Error && /^timeout: \d+% complete/m.test(error.message);
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** Pixels or samples between two looks at the signal. */
const STEP = 2 ** 21;

interface Bounds {
  readonly signal: AbortSignal;
  readonly seconds: number;
}

async function decodeBytes(bytes: Uint8Array, name: string, { signal, seconds }: Bounds): Promise<Raster> {
  const kind = imageKind(bytes);
  if (!kind) throw new Error(`its content is none of ${IMAGE_KINDS.join(', ')}, whatever its name says`);
  if (kind === 'BMP') {
    checkPixels(kind, readBmpHeader(bytes), name);
    return inSteps(decodeBmp(bytes), signal);
  }
  const sharp = await loadDecoder();
  const open = (failOn: SharpOptions['failOn'], from = bytes) =>
    sharp(from, { limitInputPixels: false, failOn, ignoreIcc: true, pages: 1 }).timeout({ seconds: Math.ceil(seconds) });
  const metadata = await open('error').metadata();
  checkPixels(kind, metadata, name);
  const decode = (image: Sharp) => (metadata.space === 'cmyk' ? fromCmyk(image, signal) : toRaster(image, metadata, signal));
  if (kind !== 'JPEG') return decode(open('error'));
  const strict = await settled(decode(open('warning')), signal);
  // libjpeg fills what is missing with gray and only warns; other warnings, of stray bytes, cost nothing.
  if (/premature end of data/.test(strict.problem)) throw new Error('it has less data than the size in its header needs');
  const more = withMoreRows(bytes);
  const last = more && { left: 0, top: more.rows - 1, width: metadata.width, height: 1 };
  const asked = last && (await settled(open('warning', more.bytes).extract(last).raw().toBuffer(), signal));
  if (asked && hasMoreRows(strict.problem, asked.problem)) throw new Error('its header says fewer rows than it has data for');
  return strict.value ?? decode(open('error'));
}

/** What came of it, or the problem in the decoder's words. @throws what ended it early. */
async function settled<T>(work: Promise<T>, signal: AbortSignal): Promise<{ readonly value: T | null; readonly problem: string }> {
  try {
    return { value: await work, problem: '' };
  } catch (error) {
    if (isTimeout(error) || signal.aborted) throw error;
    return { value: null, problem: String(error) };
  }
}

async function readImageFile(path: string, signal: AbortSignal): Promise<Uint8Array> {
  const read = await readRegularFile(path, IMAGE_BYTES, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new UserError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? error}). Check the path.`);
  });
  if (read.kind === 'other') throw new UserError(`${path} is not a file. Choose an image file.`);
  if (read.kind === 'large') throw tooManyBytes(path, read.size);
  return read.bytes;
}

async function toRaster(image: Sharp, { space, depth }: Metadata, signal: AbortSignal): Promise<Raster> {
  const deep = depth === 'ushort' && (space === 'grey16' || space === 'rgb16');
  const gray = space === 'b-w' || space === 'grey16';
  const upright = image.autoOrient().removeAlpha();
  const pixels = deep
    ? upright.pipelineColourspace(space).toColourspace(space).raw({ depth: 'ushort' })
    : upright.toColourspace(gray ? 'b-w' : 'srgb').raw({ depth: 'uchar' });
  const { data, info } = await pixels.toBuffer({ resolveWithObject: true });
  if (info.channels !== 1 && info.channels !== 3) throw new Error(`it has ${info.channels} colour channels`);
  const samples = deep ? await inSteps(highBytes(data), signal) : data;
  return toRgb({ width: info.width, height: info.height, channels: info.channels, data: samples });
}

/** Of 16-bit samples, little-endian as on every machine that Node and sharp run on. */
function* highBytes(samples: Uint8Array): Generator<undefined, Uint8Array, void> {
  const bytes = new Uint8Array(samples.length / 2);
  for (let at = 0; at < bytes.length; at++) {
    bytes[at] = samples[2 * at + 1] ?? 0;
    if (at % STEP === STEP - 1) yield;
  }
  return bytes;
}

/** Pillow's way without a profile: each ink takes its share of what black leaves. */
async function fromCmyk(image: Sharp, signal: AbortSignal): Promise<Raster> {
  const upright = image.pipelineColourspace('cmyk').toColourspace('cmyk').autoOrient();
  const { data, info } = await upright.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: 3, data: await inSteps(withoutInk(data, info.channels), signal) };
}

function* withoutInk(data: Uint8Array, channels: number): Generator<undefined, Uint8Array, void> {
  const rgb = new Uint8Array((data.length / channels) * 3);
  for (let from = 0, to = 0; to < rgb.length; from += channels, to += 3) {
    const light = 255 - (data[from + 3] ?? 0);
    for (let ink = 0; ink < 3; ink++) rgb[to + ink] = Math.max(0, light - multiply(data[from + ink] ?? 0, light));
    if (to % (3 * STEP) === 0) yield;
  }
  return rgb;
}

/** a * b / 255, rounded, in Pillow's integer arithmetic. */
function multiply(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}

/** The decoder's complaint as the end of a sentence. */
function cause(error: unknown): string {
  const message = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').trim();
  return `${message.replace(/^(Input (buffer|file) )/, '').replace(/\.$/, '')}.`;
}
