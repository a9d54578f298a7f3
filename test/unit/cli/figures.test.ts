import { describe, expect, it } from 'vitest';
import { formatDifference, formatFigure } from '../../../src/cli/figures';
import { formatChange, formatCount } from '../../../src/report/format';

describe('formatDifference', () => {
  it.each([
    [0.12, '+12%'],
    [0.0345, '+3.5%'],
    [-0.004, '-0.4%'],
    [0.00012, '+0.01%'],
    [3.3, '+330%'],
    [-0.9958, '-99.6%'],
    [-0.9996, '-99.96%'],
    [-1, '-100%'],
    [0, '='],
    [null, ''],
  ])('%d as %s', (difference, text) => {
    expect(formatDifference(difference)).toBe(text);
  });
});

describe('formatChange', () => {
  it('has a sign, and is exact past 2^53', () => {
    expect(formatChange(-1200, formatCount)).toBe('-1.20\u2009k');
    expect(formatChange('9007199254740993000', formatCount)).toBe('+9.01\u2009E');
    expect(formatChange(0, formatCount)).toBe('0');
  });
});

describe('formatFigure', () => {
  it('has the unit of its figure', () => {
    expect(
      ['macs', 'attention.macs', 'flops', 'peakActivationBytes', 'attention.share', 'parameters'].map((name) => formatFigure(name, 1500)),
    ).toEqual(['1.50\u2009kMACs', '1.50\u2009kMACs', '1.50\u2009kFLOPs', '1.50\u2009kB', '1500.0%', '1.50\u2009k']);
  });
});
