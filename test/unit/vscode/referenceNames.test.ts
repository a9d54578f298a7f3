import { describe, expect, it } from 'vitest';
import { referenceFileName, referenceLabel } from '../../../src/vscode/referenceNames';

describe('names of reference systems with changed knobs', () => {
  it('tell the knobs apart from the variant', () => {
    expect(referenceLabel('ResNet-50', {})).toBe('ResNet-50');
    const knobs = { heads: 4, relative: false, stages: [3, 4], pooledStages: [], positions: 'sine' };
    expect(referenceLabel('AA-ResNet-50', knobs)).toBe(
      'AA-ResNet-50 (heads 4, relative off, stages 3-4, pooledStages none, positions sine)',
    );
  });

  it('are names of files on every system', () => {
    const name = referenceFileName('AA-WRN-28-10 candidate: all 12 blocks', { 'a/b': 'x:y*?' });
    expect(name).not.toMatch(/[/\\:*?"<>|]/);
    expect(name).toContain('AA-WRN-28-10 candidate- all 12 blocks');
  });

  it('stay short, and different for different knobs', () => {
    const knobs = (last: number) =>
      Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`knobNumber${index}`, index === 29 ? last : 1]));
    const [one, other] = [referenceFileName('CoAtNet', knobs(1)), referenceFileName('CoAtNet', knobs(2))];
    expect(one).not.toBe(other);
    expect(Math.max(one.length, other.length)).toBeLessThanOrEqual(160);
  });
});
