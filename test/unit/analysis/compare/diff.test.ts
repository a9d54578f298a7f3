import { describe, expect, it } from 'vitest';
import { analyse } from '../../../../src/analysis/assemble';
import { diffModels } from '../../../../src/analysis/compare/diff';
import type { Knobs } from '../../../../src/architectures/family';
import { RESNET } from '../../../../src/architectures/resnet';
import { VIT } from '../../../../src/architectures/vit';

const resnet = (knobs: Knobs) => analyse(RESNET.build(knobs).model, { name: 'resnet', bytes: 0 }).profile;
const vit = (knobs: Knobs) =>
  analyse(VIT.build({ imageSize: 32, patch: 8, dim: 16, layers: 3, heads: 2, mlp: 24, classes: 5, ...knobs }).model, {
    name: 'vit',
    bytes: 0,
  }).profile;

describe('diffModels', () => {
  it('finds the one block that was taken out, with all it cost', () => {
    const before = resnet({ block: 'basic', layers: [2, 2, 2, 2] });
    const after = resnet({ block: 'basic', layers: [2, 1, 2, 2] });
    const { rows, total } = diffModels(before, after);
    const removed = rows.filter(({ change }) => change === 'removed');
    expect(removed.map(({ kind }) => kind)).toEqual(['residual-basic']);
    // Two 3 x 3 convolutions of 128 to 128 channels at 28 x 28, and two normalisations.
    expect(removed[0]?.figures).toMatchObject({
      parameters: -(2 * 9 * 128 * 128 + 4 * 128),
      macs: -(2 * 9 * 128 * 128 * 28 * 28),
      budget: { convolution: -(2 * 9 * 128 * 128 * 28 * 28), attention: 0, feedForward: 0, other: 0 },
    });
    expect(total).toEqual(removed[0]?.figures);
    expect(rows.some(({ change }) => change === 'added')).toBe(false);
  });

  it('says what changed about a block, and in which budget', () => {
    const { rows, total } = diffModels(vit({}), vit({ mlp: 48 }));
    const changed = rows.filter(({ kind }) => kind === 'feed-forward');
    expect(changed).toHaveLength(3);
    for (const { change, details, figures } of changed) {
      expect({ change, details }).toEqual({ change: 'changed', details: ['expansion 1.5 -> 3', 'hidden 24 -> 48'] });
      // 16 patches and the class token, 2 x 16 x 24 more.
      expect(figures.budget).toEqual({ convolution: 0, attention: 0, feedForward: 17 * 2 * 16 * 24, other: 0 });
    }
    expect(rows.some(({ kind, change }) => kind === 'attention' || change !== 'changed')).toBe(false);
    expect(total.macs).toBe(3 * 17 * 2 * 16 * 24);
  });

  it('turns its signs with its sides', () => {
    const [small, large] = [resnet({ block: 'basic', layers: [1, 1, 1, 1] }), resnet({ block: 'basic', layers: [2, 1, 1, 3] })];
    const forth = diffModels(small, large);
    const back = diffModels(large, small);
    expect(back.total.macs).toBe(-Number(forth.total.macs));
    const count = (diff: typeof forth, change: string) => diff.rows.filter((row) => row.change === change).length;
    expect(count(forth, 'added')).toBe(count(back, 'removed'));
    expect(count(forth, 'added')).toBeGreaterThanOrEqual(3);
  });

  it('is empty for models that differ in names only', () => {
    const profile = vit({});
    const renamed = { ...profile, nodes: profile.nodes.map((node) => ({ ...node, name: `renamed_${node.name}` })) };
    expect(diffModels(profile, renamed)).toMatchObject({ rows: [], total: { macs: 0 }, same: profile.blocks.length });
  });
});
