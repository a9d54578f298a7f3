import { posix, win32 } from 'node:path';
import { describe, expect, it } from 'vitest';
import { safeFileName } from '../../../src/text';
import { HOSTILE } from './hostile';

describe('safeFileName', () => {
  it.each([
    ['model.onnx', 'model.onnx'],
    ['größe 2.onnx', 'größe 2.onnx'],
    ['..\\..\\evil.onnx', '.._.._evil.onnx'],
    ['C:\\x.onnx', 'C__x.onnx'],
    ['a/b.onnx', 'a_b.onnx'],
    ['x.onnx:stream', 'x.onnx_stream'],
    ['CON.onnx', '_CON.onnx'],
    ['nul', '_nul'],
    ['console.onnx', 'console.onnx'],
    ['..', '_'],
    ['', '_'],
    ['name. . ', 'name'],
  ])('%j is %j', (name, safe) => {
    expect(safeFileName(name)).toBe(safe);
  });

  it('leads nowhere on any system, whatever it was', () => {
    for (const name of [
      ...Object.values(HOSTILE),
      '../x',
      '..\\x',
      '\\\\server\\share',
      '/etc/passwd',
      'é'.repeat(5000),
      `${'x'.repeat(300)}.onnx`,
    ]) {
      const safe = safeFileName(name);
      expect(win32.basename(win32.join('C:\\folder', safe))).toBe(safe);
      expect(win32.dirname(win32.join('C:\\folder', safe))).toBe('C:\\folder');
      expect(posix.dirname(posix.join('/folder', safe))).toBe('/folder');
      expect(Buffer.byteLength(safe)).toBeLessThan(256);
      expect(safe).not.toMatch(/\p{Cc}/u);
    }
    expect(safeFileName(`${'x'.repeat(300)}.onnx`)).toMatch(/\.onnx$/);
  });
});
