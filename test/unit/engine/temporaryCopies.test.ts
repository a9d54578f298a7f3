import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Original, TemporaryCopies } from '../../../src/engine/temporaryCopies';

const copies = new TemporaryCopies();
afterEach(() => copies.dispose());

function original(over: Partial<Original> = {}): Original & { readonly read: ReturnType<typeof vi.fn> } {
  return {
    key: 'memfs:/a.onnx',
    version: '1',
    name: 'a.onnx',
    ...over,
    read: vi.fn(async () => new TextEncoder().encode(over.version ?? '1')),
  };
}

const gone = (path: string) => expect.poll(() => existsSync(dirname(path))).toBe(false);

describe('TemporaryCopies', () => {
  it('makes one copy for all who hold it, and removes it with the last of them', async () => {
    const [one, two] = [{}, {}];
    const document = original();
    const paths = await Promise.all([copies.path(document, one), copies.path(document, two), copies.path(document, one)]);
    expect(new Set(paths).size).toBe(1);
    expect(document.read).toHaveBeenCalledTimes(1);
    const [path = ''] = paths;
    expect([basename(path), readFileSync(path, 'utf8')]).toEqual(['a.onnx', '1']);
    copies.release(one);
    expect(existsSync(path)).toBe(true);
    copies.release(two);
    await gone(path);
  });

  it('lets this user alone in', async () => {
    if (process.platform === 'win32') return; // A user's temporary folder is private there.
    const path = await copies.path(original(), {});
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('copies again what has changed, and removes what it was', async () => {
    const holder = {};
    const old = await copies.path(original(), holder);
    const changed = await copies.path(original({ version: '2' }), holder);
    expect(readFileSync(changed, 'utf8')).toBe('2');
    await gone(old);
    copies.release(holder);
    await gone(changed);
  });

  it('removes a copy that nobody waits for once it is there', async () => {
    const holder = {};
    const making = copies.path(original(), holder);
    copies.release(holder);
    await gone(await making);
  });

  it('tries again what could not be read, and writes nothing for it', async () => {
    const document = original();
    document.read.mockRejectedValueOnce(new Error('offline'));
    await expect(copies.path(document, {})).rejects.toThrow('offline');
    expect(readFileSync(await copies.path(document, {}), 'utf8')).toBe('1');
  });

  it('keeps a hostile name inside, and takes everything along at the end', async () => {
    const paths = await Promise.all(
      ['..\\..\\evil.onnx', '../evil.onnx', 'CON'].map((name, at) => copies.path(original({ key: `${at}`, name }), {})),
    );
    for (const path of paths) expect(basename(path)).toMatch(/^[^\\/]+$/);
    copies.dispose();
    expect(paths.filter((path) => existsSync(dirname(path)))).toEqual([]);
  });
});
