import { execFileSync } from 'node:child_process';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from '../../../src/engine/decodeImage';
import type { Raster } from '../../../src/vision/raster';
import { PYTHON_TIMEOUT, python, pythonHas, temporaryFolder } from '../vision/support/python';

const folder = temporaryFolder();
afterAll(folder.remove);

/** Pillow 9.4 writes each file and reads it back upright as RGB. */
const SCRIPT = `
import os, struct, zlib
import numpy as np
from PIL import Image, ImageOps
rng = np.random.RandomState(0)
y, x = np.mgrid[0:48, 0:65]
base = np.stack([(x * 4) % 256, (y * 5) % 256, ((x + y) * 3) % 256], -1).astype(np.uint8)
base[10:20, 10:30] = rng.randint(0, 256, (10, 20, 3))
rgb = Image.fromarray(base)
alpha = rgb.copy(); alpha.putalpha(Image.fromarray(((x * 7) % 256).astype(np.uint8)))
palette = rgb.quantize(32)
def orient(number):
    exif = Image.Exif(); exif[274] = number
    return exif
rgb.save('rgb.png'); rgb.convert('L').save('gray.png'); rgb.convert('1').save('bit.png')
alpha.save('rgba.png'); alpha.convert('LA').save('la.png')
palette.save('palette.png'); palette.save('palette-transparent.png', transparency=3)
rgb.save('lossless.webp', lossless=True); alpha.save('alpha.webp', lossless=True, exact=True); rgb.save('lossy.webp', quality=80)
rgb.save('plain.tiff'); rgb.save('lzw.tiff', compression='tiff_lzw'); rgb.convert('CMYK').save('cmyk.tiff')
palette.save('one.gif'); palette.save('animated.gif', save_all=True, append_images=[palette.rotate(180)])
rgb.save('q75.jpg', quality=75); rgb.save('q95.jpg', quality=95, subsampling=0); rgb.save('progressive.jpg', progressive=True)
rgb.convert('L').save('gray.jpg'); rgb.convert('CMYK').save('cmyk.jpg', quality=95)
rgb.save('plain.bmp'); rgb.convert('L').save('gray.bmp'); palette.save('palette.bmp'); rgb.convert('1').save('bit.bmp')
for number in range(1, 9):
    rgb.save('exif%d.png' % number, exif=orient(number)); rgb.save('exif%d.jpg' % number, exif=orient(number), quality=95)
def chunk(kind, data): return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
def png16(name, samples, kind):
    rows = b''.join(b'\\0' + row.astype('>u2').tobytes() for row in samples)
    head = struct.pack('>IIBBBBB', 65, 48, 16, kind, 0, 0, 0)
    open(name, 'wb').write(b'\\x89PNG\\r\\n\\x1a\\n' + chunk(b'IHDR', head) + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b''))
deep = base.astype(np.uint16) * 256 + rng.randint(0, 256, base.shape)
png16('rgb16.png', deep, 2)
for name in os.listdir('.'):
    image = ImageOps.exif_transpose(Image.open(name)).convert('RGB')
    open(name + '.rgb', 'wb').write(struct.pack('<II', *image.size) + image.tobytes())
# Pillow cuts 16-bit gray off at 255 instead of scaling it; what is meant is the high byte.
png16('gray16.png', deep[:, :, 0], 0)
open('gray16.png.rgb', 'wb').write(struct.pack('<II', 65, 48) + np.repeat(base[:, :, :1], 3, 2).tobytes())
`;

const EXACT = [
  'rgb.png gray.png bit.png rgba.png la.png palette.png palette-transparent.png rgb16.png gray16.png',
  'lossless.webp alpha.webp plain.tiff lzw.tiff cmyk.tiff one.gif animated.gif plain.bmp gray.bmp palette.bmp bit.bmp',
  ...Array.from({ length: 8 }, (_, index) => `exif${index + 1}.png`),
].flatMap((line) => line.split(' '));
const LOSSY = 'lossy.webp q75.jpg q95.jpg progressive.jpg gray.jpg cmyk.jpg exif3.jpg exif6.jpg exif8.jpg'.split(' ');

describe.skipIf(!pythonHas('PIL', 'numpy'))('decodeImage against Pillow', () => {
  beforeAll(() => {
    python(SCRIPT, { folder: folder.path });
  }, PYTHON_TIMEOUT);

  const compare = async (name: string) => {
    const image = await decodeImage({ kind: 'file', path: join(folder.path, name) });
    const expected = readFileSync(join(folder.path, `${name}.rgb`));
    expect([image.width, image.height, image.channels]).toEqual([expected.readUInt32LE(0), expected.readUInt32LE(4), 3]);
    const pixels = expected.subarray(8);
    expect(image.data.length).toBe(pixels.length);
    return pixels.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (image.data[i] ?? 256))), 0);
  };

  it.each(EXACT)('%s is exact', async (name) => {
    expect(await compare(name)).toBe(0);
  });

  // Equal with the libjpeg-turbo and libwebp of sharp 0.35 and Debian 12; other versions round their transforms differently.
  it.each(LOSSY)('%s is within 2 levels', async (name) => {
    expect(await compare(name)).toBeLessThanOrEqual(2);
  });

  it('a file cut short is no image', async () => {
    const whole = readFileSync(join(folder.path, 'rgb.png'));
    const reading = decodeImage({ kind: 'bytes', name: 'cut.png', bytes: whole.subarray(0, whole.length / 2) });
    await expect(reading).rejects.toMatchObject({
      name: 'FormatError',
      message: expect.stringMatching(/^cut\.png is no image that can be read: [^\n]+\.$/),
    });
  });
});

describe('decodeImage on what is no image', () => {
  const NONE = 'its content is none of PNG, JPEG, WebP, GIF, BMP, TIFF, AVIF, whatever its name says.';
  const text = (content: string) => new TextEncoder().encode(content);
  it.each([
    ['empty', new Uint8Array(0), 'the file is empty.'],
    ['text', text('hello, world, this is text'), NONE],
    ['an SVG', text('<svg xmlns="http://www.w3.org/2000/svg" width="20000" height="20000"/>'), NONE],
    ['an SVG after a comment', text('<?xml version="1.0"?><!-- x --><svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'), NONE],
    ['a PDF', text('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj'), NONE],
    ['a HEIC', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'), NONE],
    ['two letters of a bitmap', text('BM'), 'it ends within its header.'],
  ])('%s', async (_what, bytes, reason) => {
    const expected = { name: 'FormatError', message: `x.png is no image that can be read: ${reason}` };
    await expect(decodeImage({ kind: 'bytes', name: 'x.png', bytes })).rejects.toMatchObject(expected);
  });

  it('a missing file, a folder, and a pipe that nobody writes to', async () => {
    await expect(decodeImage({ kind: 'file', path: join(folder.path, 'none.png') })).rejects.toThrow(
      /none\.png cannot be read \(ENOENT\)\. Check the path\./,
    );
    await expect(decodeImage({ kind: 'file', path: folder.path })).rejects.toThrow(/is not a file\. Choose an image file\./);
    if (process.platform === 'win32') return; // Windows has no named pipes among its files.
    const pipe = join(folder.path, 'pipe.png');
    execFileSync('mkfifo', [pipe]);
    await expect(decodeImage({ kind: 'file', path: pipe })).rejects.toThrow(/is not a file\. Choose an image file\./);
  });

  it('refuses a file too large to be an image unread', async () => {
    const path = join(folder.path, 'sparse.png');
    writeFileSync(path, '');
    truncateSync(path, 2 ** 30);
    await expect(decodeImage({ kind: 'file', path })).rejects.toMatchObject({ name: 'LimitError' });
  });
});

describe('decodeImage on hostile images', () => {
  const plain = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: '#123' }, limitInputPixels: false });

  it.each([
    ['PNG', (image: Sharp) => image.png(), [2 ** 13, 2 ** 14 + 1]],
    ['AVIF', (image: Sharp) => image.avif({ effort: 0 }), [8192, 4097]],
  ] as const)('refuses a %s of too many pixels before it is decoded', async (kind, encode, [width, height]) => {
    const bytes = await encode(plain(width, height)).toBuffer();
    await expect(decodeImage({ kind: 'bytes', name: 'huge', bytes })).rejects.toMatchObject({
      name: 'LimitError',
      message: expect.stringMatching(
        new RegExp(`^huge has ${width} x ${height} pixels; ${kind} images of up to ${2 ** (kind === 'PNG' ? 27 : 25)} pixels are read\\.`),
      ),
    });
  });

  it.each([
    ['more rows', 4800, 64],
    ['more columns', 48, 6400],
    ['more of both', 8000, 8000],
  ])('finds out a JPEG whose header says %s than it holds', async (_what, height, width) => {
    for (const progressive of [false, true]) {
      const bytes = await noise().jpeg({ quality: 90, progressive }).toBuffer();
      const frame = bytes.findIndex((byte, at) => byte === 0xff && bytes[at + 1] === (progressive ? 0xc2 : 0xc0));
      bytes.writeUInt16BE(height, frame + 5);
      bytes.writeUInt16BE(width, frame + 7);
      await expect(decodeImage({ kind: 'bytes', name: 'liar.jpg', bytes })).rejects.toMatchObject({
        name: 'FormatError',
        message: 'liar.jpg is no image that can be read: it has less data than the size in its header needs.',
      });
    }
  });

  it.each([
    ['48', 8],
    ['48', 16],
    ['2048', 16],
    ['2048', 1900],
  ])('finds out a JPEG of %s rows whose header says %i', async (real, height) => {
    for (const progressive of [false, true]) {
      for (const chromaSubsampling of ['4:4:4', '4:2:0']) {
        const tall = noise().resize(64, Number(real), { fit: 'fill' });
        const bytes = await tall.jpeg({ quality: 90, progressive, chromaSubsampling }).toBuffer();
        const honest = await decodeImage({ kind: 'bytes', name: 'honest.jpg', bytes });
        expect([honest.width, honest.height]).toEqual([64, Number(real)]);
        const frame = bytes.findIndex((byte, at) => byte === 0xff && bytes[at + 1] === (progressive ? 0xc2 : 0xc0));
        bytes.writeUInt16BE(height, frame + 5);
        await expect(decodeImage({ kind: 'bytes', name: 'cut.jpg', bytes }), `${progressive} ${chromaSubsampling}`).rejects.toMatchObject({
          name: 'FormatError',
          message: 'cut.jpg is no image that can be read: its header says fewer rows than it has data for.',
        });
      }
    }
  });

  it('believes the header of plain images of any size', async () => {
    for (const gray of [false, true]) {
      for (const size of [1, 7, 8, 9, 17]) {
        const flat = plain(size, size).toColourspace(gray ? 'b-w' : 'srgb');
        for (const options of [{}, { progressive: true }, { mozjpeg: true }]) {
          const bytes = await flat.clone().jpeg(options).toBuffer();
          const image = await decodeImage({ kind: 'bytes', name: 'flat.jpg', bytes });
          expect([image.width, image.height]).toEqual([size, size]);
        }
      }
    }
  });

  it('reads a JPEG with bytes behind its end, and one of a wrong name', async () => {
    const bytes = await noise().jpeg().toBuffer();
    const image = await decodeImage({ kind: 'bytes', name: 'x.png', bytes: Buffer.concat([bytes, Buffer.from('more')]) });
    expect([image.width, image.height]).toEqual([64, 48]);
  });

  it('ends with a sentence when time is over, and with the reason when it is cancelled', async () => {
    const slow = await plain(4000, 4000).avif({ effort: 0, quality: 10 }).toBuffer();
    const wide = bitmap(16384, 4096, 1);
    for (const bytes of [slow, wide]) {
      await expect(decodeImage({ kind: 'bytes', name: 'slow', bytes }, { seconds: 0.01 })).rejects.toMatchObject({
        name: 'LimitError',
        message: expect.stringMatching(/^slow could not be decoded within 0\.01 s\./),
      });
      const controller = new AbortController();
      const decoding = decodeImage({ kind: 'bytes', name: 'slow', bytes }, { signal: controller.signal });
      setImmediate(() => controller.abort());
      await expect(decoding).rejects.toMatchObject({ name: 'AbortError' });
      await expect(decodeImage({ kind: 'bytes', name: 'slow', bytes }, { signal: AbortSignal.abort() })).rejects.toMatchObject({
        name: 'AbortError',
      });
    }
  });

  it('lets other work go on while it decodes the largest bitmap', async () => {
    const bytes = bitmap(16384, 8192, 1);
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 1);
    const image = await decodeImage({ kind: 'bytes', name: 'large.bmp', bytes });
    clearInterval(timer);
    expect(image.data.length).toBe(3 * 2 ** 27);
    // Of 64 steps; one that does not yield leaves none.
    expect(turns).toBeGreaterThan(10);
  });

  it.each([1, 4, 8, 24, 32])('reads a bitmap of %d bits from the top as from the bottom', async (bits) => {
    const [up, down] = await Promise.all(
      [bitmap(37, 5, bits), bitmap(37, -5, bits)].map((bytes) => decodeImage({ kind: 'bytes', name: 'x', bytes })),
    );
    const rows = (image: Raster | undefined) =>
      Array.from({ length: 5 }, (_, y) => [...(image?.data.subarray(y * 111, (y + 1) * 111) ?? [])]);
    expect(rows(down)).toEqual(rows(up).reverse());
    expect(new Set(rows(up).map(String)).size).toBeGreaterThan(1);
  });
});

function noise(): Sharp {
  return sharp(Buffer.from(Array.from({ length: 64 * 48 * 3 }, (_, at) => (at * 7919) % 256)), {
    raw: { width: 64, height: 48, channels: 3 },
  });
}

/** A Windows bitmap of pseudo-random samples; a negative height means rows from the top. */
function bitmap(width: number, height: number, bits: number): Buffer {
  const palette = bits <= 8 ? 4 * 2 ** bits : 0;
  const bytes = Buffer.alloc(54 + palette + Math.ceil((width * bits) / 32) * 4 * Math.abs(height));
  bytes.write('BM', 'latin1');
  bytes.writeUInt32LE(54 + palette, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(bits, 28);
  for (let at = 54; at < Math.min(bytes.length, 100_000); at++) bytes[at] = (at * at * 7) % 251;
  return bytes;
}
