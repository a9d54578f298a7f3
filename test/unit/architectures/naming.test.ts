import { describe, expect, it } from 'vitest';
import { meantBy } from '../../../src/architectures/naming';
import { FAMILIES } from '../../../src/architectures/registry';

describe('meantBy', () => {
  it('finds every variant and every family by its own name, whatever its case', () => {
    for (const family of FAMILIES) {
      for (const variant of family.variants) {
        for (const name of [variant.name, variant.name.toUpperCase()]) expect(meantBy(FAMILIES, name)).toEqual({ family, variant });
      }
      expect(meantBy(FAMILIES, family.name.toLowerCase())).toEqual({ family, variant: null });
    }
  });

  it.each([
    ['CoAtNet-0', 'CoAtNet-0 @224, stride in first 1x1'],
    ['coatnet-7', 'CoAtNet-7 @512'],
    ['ViT-H/14', 'ViT-H/14 @224'],
    ['Transformer big', 'Transformer big, V=37000'],
    ['GE-theta', 'GE-theta ResNet-50 (global extent)'],
    ['AA-WRN-28-10', 'AA-WRN-28-10 (as printed)'],
  ])('takes "%s" for "%s"', (name, variant) => {
    expect(meantBy(FAMILIES, name)?.variant?.name).toBe(variant);
  });

  it('takes no part of a word, and nothing for nothing', () => {
    for (const name of ['CoAtNet-', 'ResNet-1', 'Swi', '', ' ', 'No-Such-Net']) expect(meantBy(FAMILIES, name)).toBeNull();
  });
});
