import { describe, expect, it } from 'vitest';
import { byOperator, readCases, runCase } from './cases';

/** Operators whose output extents depend on data that the rules do not follow, with the reason. */
const DATA_DEPENDENT: Readonly<Record<string, string>> = {
  Compress: 'as many elements as the condition has true ones',
  ImageDecoder: 'the extents are in the image',
  NonMaxSuppression: 'the number of boxes depends on their scores',
  NonZero: 'the number of elements that are not zero',
  StringNormalizer: 'the number of strings that are no stop words',
  StringSplit: 'the most parts any string has',
  Unique: 'the number of distinct elements',
};

describe('rules against the output shapes of ONNX 1.23 backend tests', () => {
  for (const [key, group] of byOperator(readCases('onnx-backend.json'))) {
    it(`${key} (${group.length})`, () => {
      for (const one of group) {
        const { outputs, reports } = runCase(one);
        for (const [i, expected] of one.outputs.entries()) {
          if (!expected) continue;
          const found = outputs[i];
          expect(found?.kind, one.test).toBe('tensor');
          if (found?.kind !== 'tensor') continue;
          expect(found.dtype, one.test).toBe(expected[0]);
          if (one.op in DATA_DEPENDENT && found.shape?.some((dim) => dim === null)) continue;
          expect(found.shape, one.test).toEqual(expected[1]);
        }
        expect(reports, one.test).toEqual([]);
      }
    });
  }
});
