import { FormatError } from '../bytes';
import type { Raster } from '../vision/raster';

/** Headers of Windows bitmaps (BITMAPINFOHEADER and its longer successors). */
const FILE_HEADER = 14;
const INFO_HEADER = 40;
const UNCOMPRESSED = 0;
const MAX_EDGE = 32768;
/** Pixels between two places where decoding may stop: some milliseconds. */
const PIXELS_PER_STEP = 2 ** 21;

interface Header {
  readonly width: number;
  readonly height: number;
  /** Rows from the top, which a negative height says. */
  readonly topDown: boolean;
  readonly bits: number;
  readonly pixels: number;
  readonly palette: number;
}

/** Size of a bitmap in pixels. @throws FormatError when it is none that can be read. */
export function readBmpHeader(bytes: Uint8Array): Header {
  if (bytes.length < FILE_HEADER + INFO_HEADER) throw wrong('it ends within its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const infoLength = view.getUint32(14, true);
  const height = view.getInt32(22, true);
  const header: Header = {
    width: view.getInt32(18, true),
    height: Math.abs(height),
    topDown: height < 0,
    bits: view.getUint16(28, true),
    pixels: view.getUint32(10, true),
    palette: FILE_HEADER + infoLength,
  };
  const compression = view.getUint32(30, true);
  if (infoLength < INFO_HEADER || compression !== UNCOMPRESSED || ![1, 4, 8, 24, 32].includes(header.bits)) {
    throw wrong(
      `it is a bitmap of ${header.bits} bits with compression ${compression}, and only uncompressed ones of 1, 4, 8, 24 or 32 bits are read`,
    );
  }
  const { width } = header;
  if (width < 1 || header.height < 1 || width > MAX_EDGE || header.height > MAX_EDGE)
    throw wrong(`it says that it is ${width} x ${header.height} pixels large`);
  if (header.pixels + rowLength(header) * header.height > bytes.length) throw wrong('it ends before its last row');
  return header;
}

/**
 * An uncompressed Windows bitmap as RGB; a fourth channel is dropped. libvips, which reads every other format, has no
 * reader for it. Yields between runs of rows.
 */
export function* decodeBmp(bytes: Uint8Array): Generator<undefined, Raster, void> {
  const header = readBmpHeader(bytes);
  const { width, height, bits } = header;
  const data = new Uint8Array(width * height * 3);
  const palette = bits <= 8 ? readPalette(bytes, header) : null;
  const rows = Math.max(1, Math.floor(PIXELS_PER_STEP / width));
  for (let y = 0; y < height; y++) {
    const from = header.pixels + (header.topDown ? y : height - 1 - y) * rowLength(header);
    const to = y * width * 3;
    if (palette) indexedRow(bytes, from, bits, palette, data.subarray(to, to + width * 3));
    else directRow(bytes, from, bits / 8, data.subarray(to, to + width * 3));
    if (y % rows === rows - 1) yield;
  }
  return { width, height, channels: 3, data };
}

/** Rows are padded to four bytes. */
function rowLength({ width, bits }: Header): number {
  return Math.ceil((width * bits) / 32) * 4;
}

/** Red, green and blue of every index; an entry that the file does not have is black. Stored blue first. */
function readPalette(bytes: Uint8Array, { palette, bits }: Header): Uint8Array {
  const colours = new Uint8Array(3 * 2 ** bits);
  for (let index = 0; index < 2 ** bits; index++) {
    for (let channel = 0; channel < 3; channel++) colours[3 * index + channel] = bytes[palette + 4 * index + 2 - channel] ?? 0;
  }
  return colours;
}

/** Blue, green, red, and perhaps a fourth. */
function directRow(bytes: Uint8Array, start: number, step: number, row: Uint8Array): void {
  for (let to = 0, from = start; to < row.length; to += 3, from += step) {
    row[to] = bytes[from + 2] ?? 0;
    row[to + 1] = bytes[from + 1] ?? 0;
    row[to + 2] = bytes[from] ?? 0;
  }
}

/** The leftmost pixel is in the highest bits of its byte. */
function indexedRow(bytes: Uint8Array, start: number, bits: number, palette: Uint8Array, row: Uint8Array): void {
  const mask = (1 << bits) - 1;
  for (let to = 0, from = start, shift = 8 - bits; to < row.length; to += 3) {
    const at = 3 * (((bytes[from] ?? 0) >> shift) & mask);
    row[to] = palette[at] ?? 0;
    row[to + 1] = palette[at + 1] ?? 0;
    row[to + 2] = palette[at + 2] ?? 0;
    shift -= bits;
    if (shift >= 0) continue;
    shift = 8 - bits;
    from += 1;
  }
}

function wrong(reason: string): FormatError {
  return new FormatError(reason, { format: 'BMP' });
}
