import type { Raster } from '../vision/raster';
import { loadDecoder } from './decodeImage';

/** A PNG of an image, made smaller where its longer edge passes `limit` pixels. */
export async function encodePng({ data, width, height, channels }: Raster, limit = Number.POSITIVE_INFINITY): Promise<Uint8Array> {
  const sharp = await loadDecoder();
  const image = sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
  const edge = Math.max(1, Math.floor(Math.min(limit, Math.max(width, height))));
  const sized = edge < Math.max(width, height) ? image.resize({ width: edge, height: edge, fit: 'inside' }) : image;
  // A Buffer has a toJSON, and VS Code would send it to a webview as that; a plain Uint8Array arrives as bytes.
  return Uint8Array.from(await sized.png({ compressionLevel: 6 }).toBuffer());
}
