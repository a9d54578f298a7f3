import { FormatError } from '../bytes';
import type { Raster } from '../vision/raster';

/** Headers of Windows bitmaps (BITMAPINFOHEADER and its longer successors). */
const FILE_HEADER = 14;
const INFO_HEADER = 40;
const UNCOMPRESSED = 0;
const MAX_EDGE = 32768;

/** True for a file that starts as a Windows bitmap does. */
export function isBmp(bytes: Uint8Array): boolean {
  return bytes.length >= FILE_HEADER + INFO_HEADER && bytes[0] === 0x42 && bytes[1] === 0x4d;
}

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

/** An uncompressed Windows bitmap as RGB; a fourth channel is dropped. libvips, which reads every other format, has no reader for it. */
export function decodeBmp(bytes: Uint8Array): Raster {
  const header = readBmpHeader(bytes);
  const { width, height, bits } = header;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const row = header.pixels + (header.topDown ? y : height - 1 - y) * rowLength(header);
    for (let x = 0; x < width; x++) {
      const from = bits >= 24 ? row + x * (bits / 8) : header.palette + 4 * indexAt(bytes, row, x, bits);
      const to = (y * width + x) * 3;
      // Stored blue, green, red, in pixels and palette alike.
      for (let channel = 0; channel < 3; channel++) data[to + channel] = bytes[from + 2 - channel] ?? 0;
    }
  }
  return { width, height, channels: 3, data };
}

/** Rows are padded to four bytes. */
function rowLength({ width, bits }: Header): number {
  return Math.ceil((width * bits) / 32) * 4;
}

/** Palette index of a pixel; the leftmost pixel is in the highest bits. */
function indexAt(bytes: Uint8Array, row: number, x: number, bits: number): number {
  const perByte = 8 / bits;
  const byte = bytes[row + Math.floor(x / perByte)] ?? 0;
  return (byte >> (8 - bits - (x % perByte) * bits)) & ((1 << bits) - 1);
}

function wrong(reason: string): FormatError {
  return new FormatError(reason, { format: 'BMP' });
}
