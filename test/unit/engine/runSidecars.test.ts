import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSidecars } from '../../../src/engine/runSidecars';

let root = '';
let model = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'model-loupe-sidecars-'));
  mkdirSync(join(root, 'models'));
  model = join(root, 'models', 'net.onnx');
  writeFileSync(model, '');
});
afterEach(() => rmSync(root, { recursive: true }));

const NAMES = [
  'preprocessor_config.json',
  'config.json',
  'labels.txt',
  'net.labels.txt',
  'imagenet_classes.txt',
  'synset.txt',
  'classes.txt',
];
const write = (name: string, content: string | Uint8Array) => writeFileSync(join(root, 'models', name), content);
// Without the right to make links, as most people's Windows is, there is nothing to follow.
const unix = describe.skipIf(process.platform === 'win32');

describe('readSidecars', () => {
  it('reads what lies beside a model, and one folder above onnx/', async () => {
    write('config.json', '{"a": 1}');
    write('labels.txt', 'cat\ndog');
    expect(await readSidecars(model)).toMatchObject({
      config: { file: 'config.json', text: '{"a": 1}' },
      list: { text: 'cat\ndog' },
      warnings: [],
    });
    mkdirSync(join(root, 'models', 'onnx'));
    writeFileSync(join(root, 'models', 'onnx', 'model.onnx'), '');
    expect((await readSidecars(join(root, 'models', 'onnx', 'model.onnx'))).config?.text).toBe('{"a": 1}');
  });

  it('reads UTF-8 and UTF-16 with a byte order mark', async () => {
    const utf16 = Buffer.from('\ufeffé', 'utf16le');
    for (const bytes of [Buffer.from('\ufeffé'), utf16, Buffer.from(utf16).swap16()]) {
      write('labels.txt', bytes);
      expect((await readSidecars(model)).list?.text).toBe('é');
    }
  });

  it('refuses what is absurdly large', async () => {
    write('labels.txt', '');
    truncateSync(join(root, 'models', 'labels.txt'), 2 ** 31);
    await expect(readSidecars(model)).rejects.toMatchObject({
      name: 'LimitError',
      message: expect.stringContaining('labels.txt has 2147483648 bytes'),
    });
  });
});

unix('readSidecars, of whatever lies there', () => {
  it.each(NAMES)('does not wait for a pipe or read a folder or a device called %s', async (name) => {
    const path = join(root, 'models', name);
    const make = [() => execFileSync('mkfifo', [path]), () => mkdirSync(path), () => symlinkSync('/dev/zero', path)];
    for (const one of make) {
      one();
      const { warnings, ...read } = await readSidecars(model);
      expect(read).toEqual({ preprocessor: undefined, config: undefined, list: undefined });
      expect(warnings).toEqual([expect.stringMatching(new RegExp(`^"${name}" [^\\n]+, so it was not read\\.$`))]);
      rmSync(path, { recursive: true });
    }
  });

  it.each(NAMES)('does not follow %s out of the folder', async (name) => {
    writeFileSync(join(root, 'secret'), '{"secret": 1}');
    const path = join(root, 'models', name);
    symlinkSync(join('..', 'secret'), path);
    const { warnings, ...read } = await readSidecars(model);
    expect(JSON.stringify(read)).not.toContain('secret');
    expect(warnings).toEqual([`"${name}" leads out of the model's folder through a link, so it was not read.`]);
    rmSync(path);
    mkdirSync(join(root, 'models', 'inside'));
    writeFileSync(join(root, 'models', 'inside', 'it'), '{"here": 1}');
    symlinkSync(join('inside', 'it'), path);
    expect(JSON.stringify(await readSidecars(model))).toContain('here');
  });

  it('follows the links of a cache that keeps every file beside the model', async () => {
    mkdirSync(join(root, 'blobs'));
    writeFileSync(join(root, 'blobs', '1'), '');
    writeFileSync(join(root, 'blobs', '2'), '{"cached": 1}');
    rmSync(model);
    symlinkSync(join('..', 'blobs', '1'), model);
    symlinkSync(join('..', 'blobs', '2'), join(root, 'models', 'config.json'));
    expect((await readSidecars(model)).config?.text).toBe('{"cached": 1}');
  });
});
