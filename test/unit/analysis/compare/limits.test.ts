import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { analyse } from '../../../../src/analysis/assemble';
import { parseAmount } from '../../../../src/analysis/compare/amount';
import { relativeDifference } from '../../../../src/analysis/compare/figures';
import { figureOf, parseLimits } from '../../../../src/analysis/compare/limits';
import { BUDGETS, CATEGORIES } from '../../../../src/analysis/profile';
import { RESNET } from '../../../../src/architectures/resnet';

const schema = JSON.parse(readFileSync('schemas/budgets.schema.json', 'utf8'));
const accepts = (pattern: string, text: string) => new RegExp(pattern).test(text);
const amountPattern: string = schema.definitions.amount.oneOf[1].pattern;
const figurePatterns = Object.keys(schema.patternProperties);

describe('parseAmount', () => {
  it.each([
    [5000, 5000, false, false],
    ['5G', 5e9, false, false],
    ['1.5 M', 1.5e6, false, false],
    ['+2%', 2, true, true],
    ['-10k', -1e4, false, true],
    ['40%', 40, true, false],
  ])('%j', (text, value, percent, relative) => {
    expect(parseAmount(text)).toMatchObject({ value, percent, relative });
  });

  it.each(['', '5X', 'five', '5GB', '--5', '5..0', 'Infinity', -5, Number.NaN, null, true])('takes no %j', (text) => {
    expect(parseAmount(text)).toBeNull();
  });
});

describe('the schema of budgets files', () => {
  it.each(['5G', '1.5 M', '+2%', '-10k', '5X', 'five', '5GB', '--5', '5%'])('takes %j where the reader does', (max) => {
    const baseline = /^[+-]/.test(max) ? { baseline: 'a.onnx' } : {};
    const read = () => parseLimits({ macs: { max, ...baseline } });
    if (accepts(amountPattern, max)) expect(read()).toHaveLength(1);
    else expect(read).toThrow('is no limit');
  });

  it('knows the figures that the reader knows', () => {
    const figures = ['parameters', 'macs', 'flops', 'weightBytes', 'activationBytes', 'share'];
    for (const part of [...BUDGETS, ...CATEGORIES, 'convolutions', 'attention.']) {
      for (const figure of [...figures, 'bytes', 'peakActivationBytes']) {
        const name = `${part}.${figure}`;
        const known = figurePatterns.some((pattern) => accepts(pattern, name));
        const read = () => parseLimits({ [name]: { max: 1 } });
        if (known) expect(read()).toHaveLength(1);
        else expect(read, name).toThrow('is not a figure');
      }
    }
    for (const name of Object.keys(schema.properties).filter((key) => key !== '$schema'))
      expect(parseLimits({ [name]: { max: 1 } })).toHaveLength(1);
  });
});

describe('figureOf', () => {
  it('reads totals, parts and shares', () => {
    const { profile } = analyse(RESNET.build({ block: 'basic', layers: [2, 2, 2, 2] }).model, { name: 'ResNet-18', bytes: 12 });
    expect(figureOf(profile, 'macs')).toBe(1_814_073_344);
    expect(figureOf(profile, 'fileBytes')).toBe(12);
    // The classifier: 512 x 1000 and 1000 biases; all else is convolution.
    expect(figureOf(profile, 'convolution.macs')).toBe(1_814_073_344 - 512_000);
    expect(figureOf(profile, 'head.parameters')).toBe(513_000);
    expect(figureOf(profile, 'attention.share')).toBe(0);
    expect(figureOf(profile, 'convolution.share')).toBeCloseTo(99.9718, 3);
  });
});

describe('relativeDifference', () => {
  it('is exact past 2^53, and null where the base is 0', () => {
    expect(relativeDifference('9007199254740993', 9007199254740992)).toBeCloseTo(2 ** -53, 20);
    expect(relativeDifference(112, 100)).toBe(0.12);
    expect(relativeDifference(0, 0)).toBe(0);
    expect(relativeDifference(5, 0)).toBeNull();
  });
});
