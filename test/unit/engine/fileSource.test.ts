import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FormatError, UserError } from '../../../src/bytes';
import { openFileSource, siblingOpener } from '../../../src/engine/fileSource';

let root = '';
const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7) % 251);

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'loupe-source-'));
  writeFileSync(join(root, 'model.onnx'), bytes);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a file read by range', () => {
  it('gives the bytes that are there, small ranges and large', async () => {
    const source = await openFileSource(join(root, 'model.onnx'));
    expect(source.size).toBe(300_000);
    for (const [offset, length] of [
      [0, 10],
      [5, 10],
      [65_530, 20],
      [100_000, 200_000],
      [299_999, 1],
      [299_990, 10],
      [300_000, 0],
    ] as const) {
      expect(Buffer.compare(await source.read(offset, length), bytes.subarray(offset, offset + length)), `${offset}`).toBe(0);
    }
    await source.close();
  });

  it('serves neighbouring small reads from one read of the disk', async () => {
    const source = await openFileSource(join(root, 'model.onnx'));
    for (let offset = 0; offset < 60_000; offset += 100) await source.read(offset, 100);
    expect(source.bytesRead).toBe(65_536);
    await source.close();
  });

  it('can be read again after it was closed', async () => {
    const source = await openFileSource(join(root, 'model.onnx'));
    await source.read(0, 10);
    await source.close();
    expect([...(await source.read(1, 2))]).toEqual([7, 14]);
    await source.close();
  });

  it('refuses what passes the end', async () => {
    const source = await openFileSource(join(root, 'model.onnx'));
    await expect(source.read(299_999, 2)).rejects.toThrow(FormatError);
    await source.close();
  });

  it('says that the file became shorter', async () => {
    const path = join(root, 'shrinking.onnx');
    writeFileSync(path, bytes);
    const source = await openFileSource(path);
    truncateSync(path, 1000);
    await expect(source.read(0, 100_000)).rejects.toThrow('became shorter while it was read: byte 1000 is gone');
    await source.close();
  });

  it('reads past 4 GB', async () => {
    const path = join(root, 'sparse.bin');
    const handle = await open(path, 'w');
    await handle.write(Uint8Array.of(1, 2, 3), 0, 3, 5 * 2 ** 30);
    await handle.close();
    const source = await openFileSource(path);
    expect([source.size, ...(await source.read(5 * 2 ** 30 - 1, 4))]).toEqual([5 * 2 ** 30 + 3, 0, 1, 2, 3]);
    await source.close();
    rmSync(path);
  });

  it('says that there is no such file, or that it is a folder', async () => {
    await expect(openFileSource(join(root, 'gone.onnx'))).rejects.toThrow(UserError);
    await expect(openFileSource(join(root, 'gone.onnx'))).rejects.toThrow(/^There is no file .*gone\.onnx\.$/);
    await expect(openFileSource(root)).rejects.toThrow(/is not a file/);
  });
});

describe('files beside a model', () => {
  let folder = '';
  beforeAll(() => {
    folder = join(root, 'models');
    mkdirSync(join(folder, 'sub'), { recursive: true });
    mkdirSync(join(root, 'blobs'));
    writeFileSync(join(folder, 'w.bin'), 'here');
    writeFileSync(join(folder, 'sub', 'w.bin'), 'below');
    writeFileSync(join(root, 'secret.bin'), 'secret');
    writeFileSync(join(root, 'blobs', 'abc'), 'model');
    writeFileSync(join(root, 'blobs', 'def'), 'weights');
    symlinkSync(join(root, 'secret.bin'), join(folder, 'escape.bin'));
    symlinkSync(root, join(folder, 'up'));
    symlinkSync(join(folder, 'w.bin'), join(folder, 'inside.bin'));
    symlinkSync(join('..', 'blobs', 'abc'), join(folder, 'linked.onnx'));
    symlinkSync(join('..', 'blobs', 'def'), join(folder, 'linked.onnx_data'));
  });

  async function text(path: string, modelPath?: string): Promise<string | null> {
    const source = await siblingOpener(folder, modelPath)(path);
    return source && new TextDecoder().decode(await source.read(0, source.size));
  }

  it('are opened in the folder and below it, links inside it followed', async () => {
    expect([await text('w.bin'), await text('sub/w.bin'), await text('inside.bin')]).toEqual(['here', 'below', 'here']);
  });

  it('are null where there is none, or a folder', async () => {
    expect([await text('gone.bin'), await text('w.bin/x'), await text('sub')]).toEqual([null, null, null]);
  });

  it('are null where no file can be: a name too long for the disk, a link that leads back to itself', async () => {
    symlinkSync(join(folder, 'round.bin'), join(folder, 'round.bin'));
    expect([await text('x'.repeat(5000)), await text(`${'y'.repeat(300)}/w.bin`), await text('round.bin')]).toEqual([null, null, null]);
  });

  it('are refused outside, however the way out is written', async () => {
    for (const path of ['../secret.bin', 'sub/../../secret.bin', 'escape.bin', 'up/secret.bin', 'up/models/../secret.bin', '..']) {
      await expect(text(path), path).rejects.toThrow("leads out of the model's folder");
    }
  });

  it('are also found beside the target of a model that is a link, as in the Hugging Face cache', async () => {
    await expect(text('linked.onnx_data')).rejects.toThrow(FormatError);
    expect(await text('linked.onnx_data', join(folder, 'linked.onnx'))).toBe('weights');
    await expect(text('escape.bin', join(folder, 'linked.onnx'))).rejects.toThrow(FormatError);
  });
});
