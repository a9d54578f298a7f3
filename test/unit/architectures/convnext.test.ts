import { describe, expect, it } from 'vitest';
import { CONVNEXT } from '../../../src/architectures/convnext';
import { UserError } from '../../../src/bytes';
import { torchReference } from '../../fixtures/torchReference';
import { blocksOf, countKinds, furthest, runOn } from './attentionSupport';
import { analysed, itReproducesTheRecords } from './support';

const SMALL = { imageSize: 32, dims: [8, 16], depths: [1, 2], classes: 5 };
const reference = await torchReference('convnext');

describe('ConvNeXt', () => {
  itReproducesTheRecords(CONVNEXT);

  it('is found again by the analysis: its blocks and no attention', () => {
    const analysis = analysed(CONVNEXT.build(SMALL));
    expect(countKinds(analysis, 'convnext', 'attention')).toEqual({ convnext: 3, attention: 0 });
    expect(blocksOf(analysis.profile.blocks, 'convnext').map(({ attributes }) => attributes['channels'])).toEqual([8, 16, 16]);
  });

  it.each([
    ['ConvNeXt-T', 18],
    ['ConvNeXt-B @384', 36],
  ])('%s has %d blocks, found by the analysis', (name, convnext) => {
    const variant = CONVNEXT.variants.find((one) => one.name === name);
    const kinds = countKinds(analysed(CONVNEXT.build(variant?.knobs ?? {})), 'convnext', 'patch-embedding', 'patch-merging', 'head');
    expect(kinds).toEqual({ convnext, 'patch-embedding': 1, 'patch-merging': 3, head: 1 });
  });

  it.skipIf(reference === null)('gives what torchvision gives on the same weights', async () => {
    const built = CONVNEXT.build(SMALL);
    const weights = reference?.weights ?? {};
    expect(Object.keys(weights).sort()).toEqual([...built.fills.keys()].sort());
    const { logits } = await runOn(built, reference?.input ?? [], { weights });
    expect(logits?.shape).toEqual([2, 5]);
    expect(furthest(logits?.data, reference?.output)).toBeLessThan(1e-5);
  });

  it('says what does not fit', () => {
    expect(() => CONVNEXT.build({ kernel: 6 })).toThrow(new UserError('ConvNeXt: the kernel must be odd to keep the extent, not 6.'));
    expect(() => CONVNEXT.build({ imageSize: 16 })).toThrow(new UserError('ConvNeXt: 4 stages need an image of at least 32.'));
    expect(() => CONVNEXT.build({ depths: [3, 3] })).toThrow(UserError);
  });
});
