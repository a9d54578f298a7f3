/** An 8-bit image: interleaved samples, row by row from the top left; `data` has width * height * channels bytes. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3 | 4;
  readonly data: Uint8Array;
}

/** A region in pixels; may be fractional, and may pass an image's edges where it says so. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Luma of ITU-R 601-2 in Pillow's 16-bit fixed point (`convert('L')`). */
export function toGray(image: Raster): Raster {
  if (image.channels === 1) return image;
  const { data, channels } = image;
  const pixels = image.width * image.height;
  const gray = new Uint8Array(pixels);
  for (let i = 0, at = 0; i < pixels; i++, at += channels) {
    const red = data[at] ?? 0;
    const green = data[at + 1] ?? 0;
    const blue = data[at + 2] ?? 0;
    gray[i] = (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
  }
  return { width: image.width, height: image.height, channels: 1, data: gray };
}

/** Repeats a gray image's samples, or drops the fourth channel. */
export function toRgb(image: Raster): Raster {
  if (image.channels === 3) return image;
  const pixels = image.width * image.height;
  const rgb = new Uint8Array(pixels * 3);
  const { data, channels } = image;
  const step = channels === 1 ? 0 : 1;
  for (let i = 0, to = 0, from = 0; i < pixels; i++, to += 3, from += channels) {
    rgb[to] = data[from] ?? 0;
    rgb[to + 1] = data[from + step] ?? 0;
    rgb[to + 2] = data[from + 2 * step] ?? 0;
  }
  return { width: image.width, height: image.height, channels: 3, data: rgb };
}

/** Cuts whole pixels out; what lies outside the image is black, as torchvision's and Hugging Face's center crops pad. */
export function crop(image: Raster, region: Rectangle): Raster {
  const { width, height, channels } = image;
  if (region.x === 0 && region.y === 0 && region.width === width && region.height === height) return image;
  const data = new Uint8Array(region.width * region.height * channels);
  const left = Math.max(0, region.x);
  const right = Math.min(width, region.x + region.width);
  const bottom = Math.min(height, region.y + region.height);
  for (let y = Math.max(0, region.y); y < bottom && left < right; y++) {
    const from = (y * width + left) * channels;
    const to = ((y - region.y) * region.width + left - region.x) * channels;
    data.set(image.data.subarray(from, from + (right - left) * channels), to);
  }
  return { width: region.width, height: region.height, channels, data };
}
