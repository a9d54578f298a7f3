import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/analysis/assemble';
import { FAMILIES } from '../../../src/architectures/registry';
import { rowsOf } from '../../../src/cli/profileRows';
import { ARCHITECTURES, torchvisionExports } from '../../fixtures/exports';
import { analyseFile } from './blocks/support';
import { expectLevelsToAddUp } from './levels';
import { model, value, weight } from './models';

const exported = await torchvisionExports();

describe('rows and boxes of every level add up to what they stand under', () => {
  it('in a lone convolution, which is a row', () => {
    const alone = model({
      inputs: [value('x', 'float32', [1, 3, 8, 8])],
      outputs: ['y'],
      initializers: [weight('w', [4, 3, 3, 3])],
      nodes: [{ op: 'Conv', inputs: ['x', 'w'], outputs: ['y'], attributes: { pads: [1, 1, 1, 1] } }],
    });
    const analysis = analyse(alone, { name: 'conv', bytes: 0 });
    expectLevelsToAddUp(analysis, 'conv');
    const rows = rowsOf(analysis.profile, 'block', null, null);
    expect(rows.map(({ name, macs }) => [name, macs])).toEqual([['Standard convolution', 4 * 3 * 9 * 64]]);
  });

  it('in the samples', async () => {
    for (const name of readdirSync('samples').filter((file) => file.endsWith('.onnx'))) {
      expectLevelsToAddUp(await analyseFile(`samples/${name}`), name);
    }
  });

  it('in the reference systems', () => {
    for (const family of FAMILIES) {
      const [variant] = family.variants;
      if (!variant) continue;
      const { model: built } = family.build(variant.knobs);
      expectLevelsToAddUp(analyse(built, { name: variant.name, bytes: 0 }), variant.name);
    }
  });

  it.skipIf(!exported.available)('in torchvision exports', async () => {
    if (!exported.available) return;
    for (const name of ARCHITECTURES) {
      for (const raw of [false, true]) expectLevelsToAddUp(await analyseFile(exported.path(name, raw)), name);
    }
  });
});
