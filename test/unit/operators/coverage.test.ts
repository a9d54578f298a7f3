import { describe, expect, it } from 'vitest';
import { lookup } from '../../../src/operators/registry';
import golden from '../../golden/onnx-operators.json';

describe('every operator that ONNX 1.23 defines', () => {
  for (const [domain, operators] of Object.entries(golden.operators)) {
    it(`of ${domain} has rules, in every version`, () => {
      const missing: string[] = [];
      for (const [op, versions] of Object.entries(operators)) {
        for (const version of versions) if (!lookup(domain, op, version)) missing.push(`${op} of version ${version}`);
      }
      expect(missing).toEqual([]);
    });
  }

  it('and nothing is known that is in no version yet', () => {
    expect(lookup('', 'Where', 8)).toBeNull();
    expect(lookup('', 'Attention', 22)).toBeNull();
    expect(lookup('vendor', 'Exotic', 1)).toBeNull();
  });
});
