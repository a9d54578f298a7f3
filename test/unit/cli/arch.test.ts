import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { cli, scratch } from './support';

const { folder } = scratch();

describe('arch', () => {
  it('lists variants, built and counted, beside what was published of them', async () => {
    const { status, stdout, stderr } = await cli('arch', 'list', '--family', 'ResNet', '--json');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const records = JSON.parse(stdout);
    // torchvision's parameters and the multiply-adds of arXiv 2006.03677, table 8.
    expect(records.find((record: { variant: string }) => record.variant === 'ResNet-50')).toMatchObject({
      family: 'ResNet',
      knobs: { layers: [3, 4, 6, 3], block: 'bottleneck', imageSize: 224 },
      inputShape: [1, 3, 224, 224],
      parameters: 25_557_032,
      macs: 4_089_184_256,
      published: { printedParameters: '25.5M', printedCost: '4.089G', top1: 76 },
      difference: { parameters: 0, macs: 0 },
    });
  });

  it('shows one variant with its knobs, sources and notes', async () => {
    const { status, stdout } = await cli('arch', 'show', 'resnet-18');
    expect(status).toBe(0);
    for (const text of ['ResNet-18\n', '11,689,512', '1,814,073,344', 'printed 11.7M', 'arXiv 1512.03385', 'imageSize', '32 to 2048']) {
      expect(stdout).toContain(text);
    }
  });

  it('counts what changed knobs give, and then compares with nothing published', async () => {
    const { stdout } = await cli('arch', 'show', 'ResNet-18', '--knob', 'classes=10', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ parameters: 11_689_512 - 990 * 513, published: null, difference: { parameters: null } });
  });

  it('builds a file that runs with seeded weights, the same bytes for the same seed', async () => {
    const path = join(folder, 'small.onnx');
    const knobs = ['--knob', 'layers=1,1,1,1', '--knob', 'width=8', '--knob', 'imageSize=32', '--knob', 'classes=4'];
    const build = (...more: readonly string[]) => cli('arch', 'build', 'ResNet-18', ...knobs, '-o', path, ...more);
    expect((await build('--weights', 'seeded')).status).toBe(0);
    const first = readFileSync(path);
    await build('--weights', 'seeded');
    expect(readFileSync(path).equals(first)).toBe(true);
    await build('--weights', 'seeded', '--seed', '1');
    expect(readFileSync(path).equals(first)).toBe(false);
    const session = await ort.InferenceSession.create(first);
    const outputs = await session.run({ input: new ort.Tensor('float32', new Float32Array(3072).fill(0.5), [1, 3, 32, 32]) });
    const { logits } = outputs;
    expect(logits?.dims).toEqual([1, 4]);
    expect(Array.from((logits?.data ?? []) as Float32Array).every(Number.isFinite)).toBe(true);
  });

  it('builds the structure alone unless weights are asked for, and that profiles like the variant', async () => {
    const path = join(folder, 'structure.onnx');
    const { stderr } = await cli('arch', 'build', 'ResNet-50', '-o', path);
    expect(stderr).toContain('structure only');
    expect(readFileSync(path).byteLength).toBeLessThan(100_000);
    const { totals } = JSON.parse((await cli('profile', path, '--json')).stdout);
    expect(totals).toMatchObject({ parameters: 25_557_032, macs: 4_089_184_256 });
  });

  it('takes knobs as options of their own, in either spelling', async () => {
    const { stdout } = await cli('arch', 'show', 'ViT-B/16', '--image-size', '384', '--layers=1', '--classToken', 'false', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      variant: 'ViT-B/16 @224',
      inputShape: [1, 3, 384, 384],
      knobs: { imageSize: 384, layers: 1, classToken: false },
    });
  });

  it('tells the shape of the published input where a variant has others beside it', async () => {
    const shape = async (name: string) => JSON.parse((await cli('arch', 'show', name, '--json')).stdout).inputShape;
    expect(await shape('Conformer-L encoder + LSTM predictor')).toEqual([1, 1000, 80]);
    expect(await shape('Transformer base')).toEqual({ source: [1, 128], target: [1, 128] });
  });

  it('says in one sentence where a file cannot be written', async () => {
    const path = join(folder, 'nowhere', 'x.onnx');
    const { status, stderr } = await cli('arch', 'build', 'ResNet-18', '-o', path);
    expect({ status, stderr }).toEqual({ status: 1, stderr: `model-loupe: ${path} cannot be written (ENOENT).\n` });
  });

  it.each([
    [['show', 'ResNet-19'], 'There is no reference system "ResNet-19"'],
    [['show', 'ResNet-18', '--knob', 'depth=3'], 'ResNet has no knob "depth"; it has block, layers'],
    [['show', 'ResNet-18', '--depth', '3'], 'ResNet has no knob "depth"; it has block, layers'],
    [['show', 'ResNet-18', '--knob', 'classes'], '--knob classes is not NAME=VALUE'],
    [['show', 'ResNet-18', '--json', '--json'], '--json is given twice'],
    [['build'], 'NAME is missing'],
    [['show', 'ResNet-18', '--knob', 'classes=many'], '"classes" takes 1 to 100000'],
    [['build', 'ResNet-18', '--weights', 'trained'], '--weights trained is not one of none, seeded'],
    [['paint'], 'arch has no "paint"'],
    [['list', '--family', 'None'], '--family None is not one of'],
  ])('says what is wrong with %j', async (args, message) => {
    const { status, stderr } = await cli('arch', ...args);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });

  it('writes no weights that one file cannot hold', async () => {
    const { status, stderr } = await cli('arch', 'build', 'CoAtNet-7 @512', '--weights', 'seeded', '-o', join(folder, 'large.onnx'));
    expect(status).toBe(1);
    // 2.44 G parameters of 4 bytes, and running statistics.
    expect(stderr).toMatch(/^model-loupe: The weights take 9\.8 GB, and an ONNX file in one piece holds 2\.1 GB/);
    expect(existsSync(join(folder, 'large.onnx'))).toBe(false);
  });

  it('says of sequence layers what no profile shows', async () => {
    const { stdout } = await cli('arch', 'show', 'LSTM');
    // arXiv 1706.03762, table 1: O(n) sequential operations and path, here for n = 128.
    expect(stdout).toMatch(/sequential steps +128: O\(n\)/);
    expect(stdout).toMatch(/longest path +128: O\(n\)/);
  });

  it('refuses knobs out of range in one sentence', async () => {
    const { status, stderr } = await cli('arch', 'show', 'ResNet-18', '--knob', 'width=4');
    expect({ status, stderr }).toEqual({ status: 1, stderr: 'model-loupe: ResNet: "width" takes a whole number from 8 to 512, not 4.\n' });
  });
});
