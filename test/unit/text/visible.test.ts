import { describe, expect, it } from 'vitest';
import { shortened, tooltipText, visible, visibleMarkup } from '../../../src/text';
import { HOSTILE, UNSEEN } from './hostile';

describe('visible', () => {
  it.each([
    ['a\x1b[31mb', 'a\\x1b[31mb'],
    ['a\nb\r\tc', 'a\\nb\\r\\tc'],
    ['\x00\x7f\x9b\x85', '\\x00\\x7f\\x9b\\x85'],
    ['\u202eabc\u2066\u2069\u061c\u200f', '\\u202eabc\\u2066\\u2069\\u061c\\u200f'],
    ['\u2028\u2029\ufeff\u200b\u00ad', '\\u2028\\u2029\\ufeff\\u200b\\xad'],
    ['\u{e0041}', '\\u{e0041}'],
    ['\ud800x', '\\ud800x'],
  ])('%j as %s', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it.each(['layer1.0/conv1', 'grösse', '日本語', 'مرحبا', '\u{1f468}\u200d\u{1f469}', 'C:\\models\\a.onnx', ''])(
    'leaves %s as it is',
    (text) => {
      expect(visible(text)).toBe(text);
    },
  );

  it('shows every control character there is, and every one that turns text around', () => {
    const codes = [...Array.from({ length: 32 }, (_, code) => code), ...Array.from({ length: 33 }, (_, at) => 0x7f + at)];
    const turning = [0x61c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069];
    for (const code of [...codes, ...turning]) {
      expect(visible(String.fromCodePoint(code))).toMatch(/^\\[nrt]$|^\\x[0-9a-f]{2}$|^\\u[0-9a-f]{4}$/);
    }
  });

  it('of markup leaves its own lines', () => {
    expect(visibleMarkup('<svg>\n\t<text>a\x1bb\u202e</text>\r\n</svg>')).toBe('<svg>\n\t<text>a\\x1bb\\u202e</text>\r\n</svg>');
  });
});

describe('shortened', () => {
  it('keeps the ends of what is too long, and never parts a pair of surrogates', () => {
    expect(shortened('abcdefghij', 10)).toBe('abcdefghij');
    expect(shortened('abcdefghijk', 10)).toBe('abcde\u2026hijk');
    expect(shortened('x'.repeat(1_000_000), 120)).toHaveLength(120);
    for (let limit = 1; limit < 12; limit++) expect(shortened('\u{1f600}'.repeat(10), limit)).not.toMatch(/\p{Cs}/u);
  });
});

describe('tooltipText', () => {
  it('has as many lines as it was given, whatever they hold', () => {
    for (const name of Object.values(HOSTILE)) {
      const text = tooltipText('Conv', name);
      expect(text.split('\n')).toHaveLength(2);
      expect(text).not.toMatch(UNSEEN);
    }
    expect(tooltipText('x'.repeat(10_000)).length).toBeLessThan(1000);
  });
});
