import { describe, expect, it } from 'vitest';
import { allOperators } from '../../../../src/operators/registry';
import { byOperator, readCases, runCase } from '../cases';

const cases = readCases('ort-contrib.json');

describe('rules of com.microsoft and ai.onnx.ml against ONNX Runtime 1.30', () => {
  for (const [key, group] of byOperator(cases)) {
    it(`${key} (${group.length}, ${group.filter((one) => one.how === 'run').length} run)`, () => {
      for (const one of group) {
        const { outputs, reports } = runCase(one);
        for (const [i, expected] of one.outputs.entries()) {
          if (!expected) continue;
          expect(outputs[i], `${JSON.stringify(one)}`).toMatchObject({ kind: 'tensor', dtype: expected[0], shape: expected[1] });
        }
        expect(reports).toEqual([]);
      }
    });
  }

  it('covers most of the contrib rules', () => {
    const covered = new Set(byOperator(cases).keys());
    const contrib = new Set(
      allOperators()
        .filter(({ domain }) => domain.startsWith('com.microsoft'))
        .map(({ domain, op }) => `${domain}:${op}`),
    );
    expect([...contrib].filter((key) => covered.has(key)).length / contrib.size).toBeGreaterThan(0.6);
  });
});
