import { describe, expect, it } from 'vitest';
import { BOTNET } from '../../../src/architectures/botnet';
import { UserError } from '../../../src/bytes';
import { countKinds, expectRowsSumToOne, furthest, noise, runOn } from './attentionSupport';
import { analysed, itReproducesTheRecords } from './support';

const SMALL = { imageSize: 64, layers: [1, 1, 1, 2], width: 8, heads: 2, classes: 5 };
const SIDE_BY_SIDE = 3 * 64 * 64;

describe('BoTNet', () => {
  itReproducesTheRecords(BOTNET);

  it.each([
    [1, [16, 16]],
    [2, [16, 4]],
  ])('with a last stage of stride %d is found again by the analysis: attention over %j positions', (c5Stride, positions) => {
    const analysis = analysed(BOTNET.build({ ...SMALL, c5Stride }));
    expect(countKinds(analysis, 'attention', 'residual-bottleneck')).toMatchObject({ attention: 2 });
    expect(analysis.blocks.attention.map(({ queries }) => queries)).toEqual(positions);
    for (const core of analysis.blocks.attention)
      expect(core).toMatchObject({ heads: 2, headSize: 32, cross: false, position: 'relative' });
  });

  it.each([
    ['BoTNet-50, c5 stride 1', 16, [196, 196, 196]],
    ['BoTNet-50, c5 stride 2', 16, [196, 49, 49]],
    ['timm botnet26t_256', 8, [256, 256, 64]],
  ])('%s has %d bottlenecks and attention over %j positions, found by the analysis', (name, bottlenecks, positions) => {
    const variant = BOTNET.variants.find((one) => one.name === name);
    const analysis = analysed(BOTNET.build(variant?.knobs ?? {}));
    expect(countKinds(analysis, 'residual-bottleneck', 'attention')).toEqual({ 'residual-bottleneck': bottlenecks, attention: 3 });
    expect(analysis.blocks.attention.map(({ queries }) => queries)).toEqual(positions);
  });

  it('has attention rows that sum to one', () => expectRowsSumToOne(BOTNET, { ...SMALL, c4: 'alternate', layers: [1, 1, 2, 1] }));

  it('with position vectors of zero equals attention by content alone', async () => {
    const relative = BOTNET.build(SMALL);
    const tables = relative.model.graph.initializers.filter(({ name }) => /rel_[hw]$/.test(name));
    expect(tables).toHaveLength(4);
    const weights = Object.fromEntries(tables.map(({ name, shape }) => [name, new Float32Array((shape[0] ?? 0) * (shape[1] ?? 0))]));
    const image = noise(SIDE_BY_SIDE);
    const zero = await runOn(relative, image, { weights });
    const plain = await runOn(BOTNET.build({ ...SMALL, relative: false }), image);
    const tap = '/layer4/layer4.0/conv2/Softmax_output_0';
    const seeded = await runOn(relative, image, { also: [tap] });
    const content = await runOn(BOTNET.build({ ...SMALL, relative: false }), image, { also: [tap] });
    expect(furthest(zero['logits']?.data, plain['logits']?.data)).toBeLessThan(1e-6);
    expect(furthest(seeded[tap]?.data, content[tap]?.data)).toBeGreaterThan(1e-5);
  });

  it('says what does not fit', () => {
    expect(() => BOTNET.build({ imageSize: 230 })).toThrow(new UserError('BoTNet: the image must be a multiple of 32, not 230.'));
    expect(() => BOTNET.build({ heads: 3 })).toThrow(new UserError('BoTNet: 3 heads do not divide a width of 512.'));
  });
});
