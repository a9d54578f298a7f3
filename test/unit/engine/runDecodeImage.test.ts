import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from '../../../src/engine/decodeImage';
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
  it.each([
    ['empty', new Uint8Array(0), 'x is no image that can be read: the file is empty.'],
    [
      'text',
      new TextEncoder().encode('hello, world, this is text'),
      'x is no image that can be read: its content is no image format that is known (PNG, JPEG, WebP, GIF, TIFF, AVIF, BMP, SVG).',
    ],
  ])('%s', async (_what, bytes, message) => {
    await expect(decodeImage({ kind: 'bytes', name: 'x', bytes })).rejects.toMatchObject({ name: 'FormatError', message });
  });

  it('a missing file and a folder', async () => {
    await expect(decodeImage({ kind: 'file', path: join(folder.path, 'none.png') })).rejects.toThrow(
      /none\.png cannot be read \(ENOENT\)\. Check the path\./,
    );
    await expect(decodeImage({ kind: 'file', path: folder.path })).rejects.toThrow(/is not a file\. Choose an image file\./);
  });

  it('an image of too many pixels is refused before it is decoded', async () => {
    // An SVG says its size in its first bytes.
    const svg = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg" width="20000" height="20000"/>');
    await expect(decodeImage({ kind: 'bytes', name: 'huge.svg', bytes: svg })).rejects.toMatchObject({
      name: 'LimitError',
      message: expect.stringMatching(/20000 x 20000 pixels/),
    });
  });

  it('refuses a file too large to be an image unread', async () => {
    const path = join(folder.path, 'sparse.png');
    writeFileSync(path, '');
    const { truncateSync } = await import('node:fs');
    truncateSync(path, 2 ** 29 + 1);
    await expect(decodeImage({ kind: 'file', path })).rejects.toMatchObject({ name: 'LimitError' });
  });
});
