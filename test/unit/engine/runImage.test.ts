import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from '../../../src/engine/decodeImage';
import { Runner } from '../../../src/engine/runImage';
import type { ModelSource } from '../../../src/protocol';
import { PYTHON_TIMEOUT, python, pythonHas, temporaryFolder } from '../vision/support/python';
import { context, models, only, Recorder } from './runSupport';

/** A vision transformer as torchvision builds it, small: 56 x 56 pixels, patches of 8, 2 blocks of 4 heads, 5 classes. */
const SCRIPT = `
import json, warnings
warnings.filterwarnings('ignore')
import numpy as np, onnx, torch
from PIL import Image
from torch import nn
from torchvision import transforms as T
torch.manual_seed(1)
class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(16), nn.LayerNorm(16)
        self.attention = nn.MultiheadAttention(16, 4, batch_first=True)
        self.mlp = nn.Sequential(nn.Linear(16, 32), nn.GELU(), nn.Linear(32, 16))
    def forward(self, x):
        y = self.ln1(x)
        y, weights = self.attention(y, y, y, need_weights=True, average_attn_weights=False)
        x = x + y
        return x + self.mlp(self.ln2(x)), weights
class Tiny(nn.Module):
    def __init__(self):
        super().__init__()
        self.patch = nn.Conv2d(3, 16, 8, 8)
        self.token = nn.Parameter(torch.randn(1, 1, 16))
        self.position = nn.Parameter(torch.randn(1, 50, 16))
        self.blocks = nn.ModuleList([Block(), Block()])
        self.head = nn.Linear(16, 5)
    def both(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token, x], 1) + self.position
        weights = []
        for block in self.blocks:
            x, w = block(x)
            weights.append(w)
        return self.head(x[:, 0]), weights
    def forward(self, x):
        return self.both(x)[0]
model = Tiny().eval()
for p in model.parameters(): p.data *= 2
torch.onnx.export(model, torch.zeros(1, 3, 56, 56), 'tiny.onnx', input_names=['image'], output_names=['logits'], opset_version=14)
proto = onnx.load('tiny.onnx')
for key, value in {'model_loupe.labels': json.dumps(['ant', 'bee', 'cat', 'dog', 'eel'])}.items():
    entry = proto.metadata_props.add(); entry.key, entry.value = key, value
onnx.save(proto, 'tiny.onnx')
y, x = np.mgrid[0:90, 0:131]
pixels = np.stack([x * 2 % 256, y * 3 % 256, (x + y) % 256], -1).astype(np.uint8)
pixels[20:40, 60:90] = np.random.RandomState(0).randint(0, 256, (20, 30, 3))
Image.fromarray(pixels).save('photo.png')
steps = T.Compose([T.Resize(64), T.CenterCrop(56), T.ToTensor(), T.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])])
with torch.no_grad(): pass
logits, weights = model.both(steps(Image.open('photo.png').convert('RGB'))[None])
logits.detach().numpy().tofile('logits.bin')
torch.cat(weights).detach().numpy().tofile('attention.bin')
`;

describe.skipIf(!pythonHas('torch', 'torchvision', 'onnx', 'PIL'))('Runner against PyTorch', () => {
  const folder = temporaryFolder();
  const runtime = new Recorder();
  const runner = new Runner(models, only(runtime));
  const model: ModelSource = { kind: 'file', path: join(folder.path, 'tiny.onnx') };
  const image = { kind: 'file', path: join(folder.path, 'photo.png') } as const;
  const numbers = (name: string) => new Float32Array(new Uint8Array(readFileSync(join(folder.path, name))).buffer);

  beforeAll(() => {
    python(SCRIPT, { folder: folder.path });
  }, PYTHON_TIMEOUT);
  afterAll(async () => {
    await runner.dispose();
    folder.remove();
  });

  it('gives the logits, probabilities and labels of the whole torchvision pipeline', async () => {
    const result = await runner.run({ model, image, provider: 'cpu', attention: true }, context);
    const logits = numbers('logits.bin');
    const ours = runtime.report?.tensors['logits']?.data as Float32Array;
    for (const [index, logit] of logits.entries()) expect(ours[index]).toBeCloseTo(logit, 4);
    expect(result.recipe.source).toBe('ImageNet defaults');
    expect(result.image).toEqual({ name: 'photo.png', width: 131, height: 90 });
    const best = logits.indexOf(Math.max(...logits));
    expect(result.labels[0]).toMatchObject({ index: best, label: ['ant', 'bee', 'cat', 'dog', 'eel'][best] });
    expect(result.labels.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 9);
    expect(result.outputs).toEqual([{ name: 'logits', dtype: 'float32', shape: [1, 5] }]);
    expect(result.warnings).toEqual([]);
  });

  it('gives the attention that nn.MultiheadAttention returns, per head and as mean', async () => {
    const { run, attention } = await runner.run({ model, image, provider: 'cpu', attention: true }, context);
    const grid = { leading: 1, rows: 7, columns: 7 };
    expect(attention).toEqual(
      [0, 1].map((index) =>
        expect.objectContaining({
          label: `L${index + 1}`,
          heads: 4,
          queries: 50,
          keys: 50,
          windows: 1,
          queryGrid: grid,
          keyGrid: grid,
        }),
      ),
    );
    const expected = numbers('attention.bin');
    const size = 50 * 50;
    for (const [layer, { block }] of attention.entries()) {
      const mean = await runner.attention({ run, block, head: 'mean', window: 0 });
      const sums = new Float64Array(size);
      for (let head = 0; head < 4; head++) {
        const map = await runner.attention({ run, block, head, window: 0 });
        const start = (layer * 4 + head) * size;
        let worst = 0;
        for (let i = 0; i < size; i++) {
          worst = Math.max(worst, Math.abs((map.values[i] ?? Number.NaN) - (expected[start + i] ?? 0)));
          sums[i] = (sums[i] ?? 0) + (expected[start + i] ?? 0) / 4;
        }
        expect(worst).toBeLessThan(1e-5);
      }
      expect(Math.max(...sums.map((sum, i) => Math.abs(sum - (mean.values[i] ?? Number.NaN))))).toBeLessThan(1e-5);
    }
  });

  it("shows what the network saw: torchvision's crop, as PNG", async () => {
    const { run, seen } = await runner.run({ model, image, provider: 'cpu', attention: false }, context);
    // Resize(64) makes 93 x 64 (int(64 * 131 / 90)); CenterCrop(56) starts at round(37 / 2) = 18 and 4.
    expect(seen.x).toBeCloseTo((18 * 131) / 93, 9);
    expect(seen.y).toBeCloseTo((4 * 90) / 64, 9);
    expect([seen.width, seen.height]).toEqual([expect.closeTo((56 * 131) / 93, 9), expect.closeTo((56 * 90) / 64, 9)]);
    const png = await decodeImage({ kind: 'bytes', name: 'seen.png', bytes: await runner.seenImage({ run }) });
    const script = `import sys; from PIL import Image; from torchvision import transforms as T
image = T.CenterCrop(56)(T.Resize(64)(Image.open('photo.png').convert('RGB')))
sys.stdout.buffer.write(image.tobytes())`;
    expect([png.width, png.height]).toEqual([56, 56]);
    expect(Buffer.compare(Buffer.from(png.data), python(script, { folder: folder.path }))).toBe(0);
  });

  it('previews the image within a limit, and forgets a closed run', async () => {
    const { run } = await runner.run({ model, image, provider: 'cpu', attention: false }, context);
    const preview = await decodeImage({ kind: 'bytes', name: 'preview.png', bytes: await runner.imagePreview({ run, limit: 50 }) });
    expect([preview.width, preview.height]).toEqual([50, 34]);
    await runner.closeRun({ run });
    await expect(runner.seenImage({ run })).rejects.toThrow(/no longer kept/);
  });

  it('draws every layer and head over what the network saw', async () => {
    const { run } = await runner.run({ model, image, provider: 'cpu', attention: true }, context);
    const bytes = await runner.attentionPicture({ run });
    writeFileSync(join(folder.path, 'sheet.png'), bytes);
    const sheet = await decodeImage({ kind: 'bytes', name: 'sheet.png', bytes });
    // A margin of 40, then 5 columns (mean and 4 heads) and 2 rows of 224 and a gap of 4.
    expect([sheet.width, sheet.height]).toEqual([40 + 5 * 228, 40 + 2 * 228]);
  });

  it('an edited recipe is used and named', async () => {
    const result = await runner.run(
      {
        model,
        image,
        provider: 'cpu',
        attention: false,
        recipe: { filter: 'nearest', resize: { mode: 'exact', height: 56, width: 56 }, crop: null },
      },
      context,
    );
    expect(result.recipe).toMatchObject({ source: 'edited', filter: 'nearest', crop: null });
    expect(result.seen).toEqual({ x: 0, y: 0, width: 131, height: 90 });
  });
});
