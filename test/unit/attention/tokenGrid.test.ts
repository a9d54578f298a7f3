import { describe, expect, it } from 'vitest';
import { tokenGrid, windowTokens } from '../../../src/attention/tokenGrid';

describe('tokenGrid', () => {
  // Image and token counts as the papers and model cards give them.
  it.each([
    ['ViT-B/16 at 224', 197, 224, 224, { leading: 1, rows: 14, columns: 14 }],
    ['ViT-B/16 at 384', 577, 384, 384, { leading: 1, rows: 24, columns: 24 }],
    ['ViT-B/32 at 224', 50, 224, 224, { leading: 1, rows: 7, columns: 7 }],
    ['DeiT distilled', 198, 224, 224, { leading: 2, rows: 14, columns: 14 }],
    ['SigLIP B/16, no class token', 196, 224, 224, { leading: 0, rows: 14, columns: 14 }],
    ['DINOv2 with 4 registers, patch 14 at 518', 1374, 518, 518, { leading: 5, rows: 37, columns: 37 }],
    ['DINOv2, patch 14 at 224', 257, 224, 224, { leading: 1, rows: 16, columns: 16 }],
    ['PVT stage 1 queries', 3136, 224, 224, { leading: 0, rows: 56, columns: 56 }],
    ['PVT stage 1 keys, reduced 8 times', 49, 224, 224, { leading: 0, rows: 7, columns: 7 }],
    ['DETR at 480 x 640, stride 32', 300, 480, 640, { leading: 0, rows: 15, columns: 20 }],
    ['ViT at 480 x 640, patch 16', 1201, 480, 640, { leading: 1, rows: 30, columns: 40 }],
    ['stride 8 over 100 x 100 with padding', 169, 100, 100, { leading: 0, rows: 13, columns: 13 }],
    ['CaiT class attention: one query', 1, 224, 224, null],
    ['77 text tokens', 77, 224, 224, null],
  ])('%s', (_name, tokens, height, width, expected) => {
    expect(tokenGrid(tokens, { height, width })).toEqual(expected);
  });
});

describe('windowTokens', () => {
  it('knows square windows only', () => {
    expect(windowTokens(49)).toEqual({ leading: 0, rows: 7, columns: 7 });
    expect(windowTokens(56)).toBeNull();
    expect(windowTokens(1)).toBeNull();
  });
});
