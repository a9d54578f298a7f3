import { describe, expect, it } from 'vitest';
import { escapeMarkup, jsonText, nameText, parseJson, quotedText } from '../../../src/text';
import { HOSTILE, UNSEEN } from './hostile';

describe('jsonText', () => {
  it('gives every name back whole, and shows what is not seen', () => {
    const text = jsonText(HOSTILE);
    expect(text).not.toMatch(UNSEEN);
    expect(JSON.parse(text)).toEqual(HOSTILE);
    expect(jsonText(['\u{e0041}'])).toBe('[\n  "\\udb40\\udc41"\n]');
  });
});

describe('parseJson', () => {
  it('takes a byte order mark for none of the text', () => {
    expect(parseJson('\ufeff{"a": 1}')).toEqual({ a: 1 });
    expect(() => parseJson('{')).toThrow(SyntaxError);
  });
});

describe('escapeMarkup', () => {
  it('lets no tag, attribute or forbidden character through', () => {
    for (const name of Object.values(HOSTILE)) {
      const text = escapeMarkup(name);
      expect(text).not.toMatch(/[<>"']/);
      expect(text).not.toMatch(UNSEEN);
      expect(text).not.toMatch(/&(?!(amp|lt|gt|quot|#39);)/);
    }
    expect(escapeMarkup('a < b & "c"')).toBe('a &lt; b &amp; &quot;c&quot;');
  });
});

describe('nameText', () => {
  it.each(['conv', '/layer1/layer1.0/conv1/Conv_output_0', 'onnx::Conv_123', 'input:0', 'größe', 'a=b'])('leaves %s bare', (name) => {
    expect(nameText(name)).toBe(name);
  });

  it('gives no two names one text, and never two lines', () => {
    const more = ['a\\nb', 'a\nb', '"a\\nb"', 'a, b', 'a', '', '""', '-', '(no name)', 'a\u200cb', 'ab', 'a b', 'x -> y'];
    const names = [...Object.values(HOSTILE), ...more];
    const texts = names.map(nameText);
    expect(new Set(texts).size).toBe(names.length);
    for (const text of texts) expect(text).not.toMatch(UNSEEN);
    for (const text of texts) expect(text).not.toContain('\n');
    for (const name of names) if (nameText(name) !== name) expect(JSON.parse(nameText(name))).toBe(name);
    expect(quotedText('\u202e\x9b')).toBe('"\\u202e\\u009b"');
  });
});
