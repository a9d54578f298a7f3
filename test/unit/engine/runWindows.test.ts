import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layerHeat } from '../../../src/attention/heat';
import { Runner } from '../../../src/engine/runImage';
import type { RunResult } from '../../../src/protocol';
import { PYTHON_TIMEOUT, python, pythonHas, temporaryFolder } from '../vision/support/python';
import { context, models } from './runSupport';

/**
 * torchvision's Swin, small: 56 x 56 pixels, 14 x 14 tokens in 2 x 2 windows of 7 x 7, the second block shifted by 3.
 * Its softmaxes are recorded on the way; the maps over the image come from PyTorch's own window partition, reversed.
 */
const SCRIPT = `
import warnings
warnings.filterwarnings('ignore')
import numpy as np, torch
import torch.nn.functional as F
from PIL import Image
from torchvision import transforms as T
from torchvision.models.swin_transformer import SwinTransformer
torch.manual_seed(3)
model = SwinTransformer(patch_size=[4, 4], embed_dim=16, depths=[2], num_heads=[2], window_size=[7, 7], num_classes=4).eval()
for p in model.parameters(): p.data *= 3
y, x = np.mgrid[0:64, 0:64]
Image.fromarray(np.stack([x * 3 % 256, y * 5 % 256, (x * y) % 256], -1).astype(np.uint8)).save('photo.png')
image = T.Compose([T.Resize(64), T.CenterCrop(56), T.ToTensor(), T.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])])(Image.open('photo.png'))[None]
recorded, softmax = [], F.softmax
def record(*args, **kwargs):
    result = softmax(*args, **kwargs)
    recorded.append(result.detach())
    return result
F.softmax = record
model(image)
F.softmax = softmax
torch.cat(recorded).numpy().tofile('attention.bin')
maps = []
for weights, shift in zip(recorded, [0, 3]):
    received = weights.mean((1, 2)).view(2, 2, 7, 7).permute(0, 2, 1, 3).reshape(14, 14)
    maps.append(torch.roll(received, (shift, shift), (0, 1)))
torch.stack(maps).numpy().tofile('maps.bin')
torch.onnx.export(model, image, 'swin.onnx', opset_version=14)
`;

describe.skipIf(!pythonHas('torch', 'torchvision', 'onnx', 'PIL'))('windowed attention against torchvision', () => {
  const folder = temporaryFolder();
  const runner = new Runner(models);
  const numbers = (name: string) => new Float32Array(new Uint8Array(readFileSync(join(folder.path, name))).buffer);
  let result: RunResult;

  beforeAll(async () => {
    python(SCRIPT, { folder: folder.path });
    const model = { kind: 'file', path: join(folder.path, 'swin.onnx') } as const;
    result = await runner.run(
      { model, image: { kind: 'file', path: join(folder.path, 'photo.png') }, provider: 'cpu', attention: true },
      context,
    );
  }, PYTHON_TIMEOUT);
  afterAll(async () => {
    await runner.dispose();
    folder.remove();
  });

  it('finds the windows and where they lie', () => {
    const window = { leading: 0, rows: 7, columns: 7 };
    const layer = { heads: 2, queries: 49, keys: 49, windows: 4, queryGrid: window, keyGrid: window };
    expect(result.attention).toEqual([
      expect.objectContaining({ ...layer, windowGrid: { rows: 2, columns: 2, shift: 0 } }),
      expect.objectContaining({ ...layer, windowGrid: { rows: 2, columns: 2, shift: 3 } }),
    ]);
  });

  it('reads every head of every window', async () => {
    const expected = numbers('attention.bin');
    const size = 49 * 49;
    for (const [layer, { block }] of result.attention.entries()) {
      for (let window = 0; window < 4; window++) {
        for (let head = 0; head < 2; head++) {
          const { values } = await runner.attention({ run: result.run, block, head, window });
          const start = ((layer * 4 + window) * 2 + head) * size;
          expect(Math.max(...values.map((value, i) => Math.abs(value - (expected[start + i] ?? 2))))).toBeLessThan(1e-5);
        }
      }
    }
  });

  it('puts the windows together over the image as PyTorch rolls them back', async () => {
    const expected = numbers('maps.bin');
    for (const [index, layer] of result.attention.entries()) {
      const maps: Float32Array[] = [];
      for (let window = 0; window < 4; window++)
        maps.push((await runner.attention({ run: result.run, block: layer.block, head: 'mean', window })).values);
      const heat = layerHeat(layer, (window) => maps[window] ?? new Float32Array());
      expect([heat?.rows, heat?.columns]).toEqual([14, 14]);
      const wanted = expected.subarray(index * 196, index * 196 + 196);
      expect(Math.max(...wanted.map((value, i) => Math.abs(value - (heat?.values[i] ?? 2))))).toBeLessThan(1e-5);
    }
  });
});

/** torchvision's MaxViT, small: 14 x 14 tokens, first in 2 x 2 windows of 7 x 7 neighbours, then in 4 grids of 7 x 7 tokens two apart. */
const MAXVIT = `
import warnings
warnings.filterwarnings('ignore')
import numpy as np, torch
import torch.nn.functional as F
from PIL import Image
from torchvision import transforms as T
from torchvision.models.maxvit import MaxVit
torch.manual_seed(5)
model = MaxVit(input_size=(56, 56), stem_channels=8, partition_size=7, block_channels=[16], block_layers=[1], head_dim=8, stochastic_depth_prob=0.0, num_classes=4).eval()
y, x = np.mgrid[0:64, 0:64]
Image.fromarray(np.stack([x * 3 % 256, y * 5 % 256, (x * y) % 256], -1).astype(np.uint8)).save('photo.png')
image = T.Compose([T.Resize(64), T.CenterCrop(56), T.ToTensor(), T.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])])(Image.open('photo.png'))[None]
recorded, softmax = [], F.softmax
def record(*args, **kwargs):
    result = softmax(*args, **kwargs)
    recorded.append(result.detach())
    return result
F.softmax = record
model(image)
F.softmax = softmax
window, grid = [weights[0].mean((1, 2)).view(2, 2, 7, 7) for weights in recorded]
maps = torch.stack([window.permute(0, 2, 1, 3).reshape(14, 14), grid.permute(2, 0, 3, 1).reshape(14, 14)])
maps.numpy().tofile('maps.bin')
torch.onnx.export(model, image, 'maxvit.onnx', opset_version=17)
`;

describe.skipIf(!pythonHas('torch', 'torchvision', 'onnx', 'PIL'))('grid attention against torchvision', () => {
  const folder = temporaryFolder();
  const runner = new Runner(models);
  afterAll(async () => {
    await runner.dispose();
    folder.remove();
  });

  it(
    'puts neighbouring windows and interleaved grids where they are',
    async () => {
      python(MAXVIT, { folder: folder.path });
      const model = { kind: 'file', path: join(folder.path, 'maxvit.onnx') } as const;
      const request = { model, image: { kind: 'file', path: join(folder.path, 'photo.png') }, provider: 'cpu', attention: true } as const;
      const { run, attention } = await runner.run(request, context);
      expect(attention.map(({ windowGrid }) => windowGrid)).toEqual([
        { rows: 2, columns: 2, shift: 0 },
        { rows: 2, columns: 2, shift: 0, interleaved: true },
      ]);
      const expected = new Float32Array(new Uint8Array(readFileSync(join(folder.path, 'maps.bin'))).buffer);
      for (const [index, layer] of attention.entries()) {
        const maps = await Promise.all([0, 1, 2, 3].map((window) => runner.attention({ run, block: layer.block, head: 'mean', window })));
        const heat = layerHeat(layer, (window) => maps[window]?.values ?? new Float32Array());
        const wanted = expected.subarray(index * 196, index * 196 + 196);
        expect(Math.max(...wanted.map((value, i) => Math.abs(value - (heat?.values[i] ?? 2))))).toBeLessThan(1e-5);
      }
    },
    PYTHON_TIMEOUT,
  );
});
