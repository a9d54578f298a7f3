import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { model, node, tensor, value } from '../../fixtures/onnx';
import { cli, scratch } from './support';

const { file } = scratch();
const figures = JSON.parse(readFileSync('samples/figures.json', 'utf8')) as {
  readonly models: Readonly<Record<string, { readonly parametersInOnnx: number; readonly macs: { readonly total: number } }>>;
};
const macs = (name: string) => figures.models[name]?.macs.total ?? Number.NaN;
const SAMPLES = ['samples/conv.onnx', 'samples/vit.onnx', 'samples/hybrid.onnx'];

/** A 3 x 3 convolution of 3 to 4 channels over images whose height and width are free. */
const freeImage = () =>
  model({
    inputs: [value('image', 'float32', ['batch', 3, 'height', 'width'])],
    outputs: [value('y', 'float32', ['batch', 4, 'height', 'width'])],
    initializers: [tensor('w', 'float32', [4, 3, 3, 3], new Array<number>(108).fill(0.1))],
    nodes: [node('Conv', ['image', 'w'], ['y'], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] })],
  });

describe('compare', () => {
  it("sets PyTorch's counts of each model beside the first one's", async () => {
    const { status, stdout, stderr } = await cli('compare', ...SAMPLES, '--format', 'json');
    const { baseline, rows } = JSON.parse(stdout);
    expect({ status, stderr, baseline }).toEqual({ status: 0, stderr: '', baseline: 0 });
    expect(rows.map((row: { figures: { macs: number } }) => row.figures.macs)).toEqual(['conv', 'vit', 'hybrid'].map(macs));
    expect(rows[0].difference).toBeNull();
    expect(rows[1].difference.macs).toBeCloseTo(macs('vit') / macs('conv') - 1, 10);
  });

  it('measures against any of the models, or one more', async () => {
    const among = JSON.parse((await cli('compare', ...SAMPLES, '--baseline', 'samples/vit.onnx', '--format', 'json')).stdout);
    expect(among.baseline).toBe(1);
    expect(among.rows[0].difference.macs).toBeCloseTo(macs('conv') / macs('vit') - 1, 10);
    const one = JSON.parse((await cli('compare', 'samples/conv.onnx', '--baseline', 'samples/vit.onnx', '--format', 'json')).stdout);
    expect(one.rows.map((row: { name: string }) => row.name)).toEqual(['vit.onnx', 'conv.onnx']);
  });

  it('gives every model the sizes asked for, and says in its row which cannot have them', async () => {
    const path = file('free.onnx', freeImage());
    const { status, stdout, stderr } = await cli(
      'compare',
      path,
      'arch:ResNet-18',
      SAMPLES[0] ?? '',
      '--sizes',
      '224,448',
      '--format',
      'json',
    );
    const { rows } = JSON.parse(stdout);
    expect(rows.map((row: { size: number }) => row.size)).toEqual([224, 448, 224, 448, 224, 448]);
    const counted = rows.map((row: { figures: { macs: number } | null }) => row.figures?.macs ?? null);
    expect(counted.slice(0, 3)).toEqual([224 ** 2 * 108, 448 ** 2 * 108, 1_814_073_344]);
    // All but the classifier's 512 x 1000 works per pixel.
    expect(counted[3]).toBe(4 * (1_814_073_344 - 512_000) + 512_000);
    // A fixed 64 x 64 is recounted too: 11,600,832 there, of which the classifier's 960 stay.
    expect(counted.slice(4)).toEqual([224, 448].map((size) => (11_600_832 - 960) * (size / 64) ** 2 + 960));
    expect(status).toBe(0);
    expect(stderr).toBe('');
  });

  it('gives reference systems their sizes by the knobs that they have, and says where one does not work', async () => {
    const { status, stdout, stderr } = await cli(
      'compare',
      'arch:ENet-SAD',
      'arch:Swin-T',
      'arch:LSTM',
      '--sizes',
      '64,224',
      '--format',
      'json',
    );
    const { rows } = JSON.parse(stdout);
    const macs = rows.map((row: { figures: { macs: number } | null }) => row.figures?.macs ?? null);
    expect(status).toBe(1);
    expect(macs[0]).toBeLessThan(macs[1] / 12);
    // Windows of 7 fit 224, arXiv 2103.14030; an LSTM of width 512 multiplies 8 x 512 x 512 a step.
    expect(macs.slice(2)).toEqual([null, 4_490_566_656, 64 * 8 * 512 * 512, 224 * 8 * 512 * 512]);
    expect(stderr).toBe('model-loupe: Swin-T at 64: Swin: windows of 7 do not tile the map of 16 in stage 1.\n');
  });

  it('goes on after a model that cannot be read', async () => {
    const { status, stdout, stderr } = await cli(
      'compare',
      'samples/conv.onnx',
      file('broken.onnx', 'no model'),
      'missing.onnx',
      'samples/vit.onnx',
    );
    expect(status).toBe(1);
    expect(stdout.split('\n').filter((line) => line.includes('failed'))).toHaveLength(2);
    expect(stdout).toMatch(/^vit\.onnx .*MMACs \+47%/m);
    expect(stderr).toContain('missing.onnx: missing.onnx cannot be read (ENOENT)');
  });

  it('says in its row which reference system there is none of, and takes the beginning of a name', async () => {
    const { status, stdout, stderr } = await cli('compare', 'arch:No-Such-Net', 'arch:coatnet-0', '--format', 'json');
    const { rows } = JSON.parse(stdout);
    expect(status).toBe(1);
    expect(stderr).toContain('No-Such-Net: There is no reference system "No-Such-Net".');
    expect(rows.map((row: { name: string }) => row.name)).toEqual(['No-Such-Net', 'CoAtNet-0 @224, stride in first 1x1']);
    // arXiv 2106.04803, counted from its specification.
    expect(rows.map((row: { figures: { macs: number } | null }) => row.figures?.macs)).toEqual([undefined, 4_141_888_512]);
  });

  it('compares 200 models', async () => {
    const { status, stdout } = await cli('compare', ...new Array<string>(200).fill(SAMPLES[0] ?? ''), '--format', 'csv');
    expect(status).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(201);
  });

  it('writes a table, Markdown and CSV', async () => {
    expect((await cli('compare', ...SAMPLES)).stdout).toMatch(/^vit\.onnx +230.k \+30%/m);
    expect((await cli('compare', ...SAMPLES, '--format', 'md')).stdout.split('\n')[1]).toMatch(/^\| --- \|( ---: \|)+$/);
    const lines = (await cli('compare', ...SAMPLES, '--format', 'csv')).stdout.trim().split('\n');
    const column = lines[0]?.split(',').indexOf('macs') ?? -1;
    expect(lines.slice(1).map((line) => Number(line.split(',')[column]))).toEqual(['conv', 'vit', 'hybrid'].map(macs));
  });

  it('writes one HTML file that asks for nothing else, with a bar per model', async () => {
    const odd = file('<b>&.onnx', readFileSync('samples/conv.onnx'));
    const { stdout } = await cli('compare', ...SAMPLES, odd, '--format', 'html');
    expect(stdout).not.toMatch(/https?:|src=|href=|@import|url\(/);
    expect(stdout).toContain('&lt;b&gt;&amp;.onnx');
    expect(stdout).not.toContain('<b>&');
    const widths = [...stdout.matchAll(/<rect class="(\w+)" x="[\d.]+" y="(\d+)" width="([\d.]+)" height="16">/g)];
    expect(widths).toHaveLength(4 * 4);
    // The bars are on one scale: each model's parts together are as long as its multiply-adds are many.
    const lengths = [0, 4, 8].map((at) => widths.slice(at, at + 4).reduce((sum, match) => sum + Number(match[3]), 0));
    expect((lengths[0] ?? 0) / (lengths[1] ?? 0)).toBeCloseTo(macs('conv') / macs('vit'), 3);
    expect((lengths[2] ?? 0) / (lengths[1] ?? 0)).toBeCloseTo(macs('hybrid') / macs('vit'), 3);
  });

  it('aligns blocks: ResNet-50 and ResNet-101 differ in 17 bottlenecks of the third stage', async () => {
    const { status, stdout } = await cli('compare', 'arch:ResNet-50', 'arch:ResNet-101', '--diff', '--format', 'json');
    const diff = JSON.parse(stdout);
    expect(status).toBe(0);
    expect(diff.total).toMatchObject({ parameters: 44_549_160 - 25_557_032, macs: 7_801_405_440 - 4_089_184_256 });
    const bottlenecks = diff.rows.filter(
      (row: { kind: string; change: string }) => row.kind === 'residual-bottleneck' && row.change === 'added',
    );
    expect(bottlenecks).toHaveLength(1);
    expect(bottlenecks[0].repeat).toBe(17);
    // 1x1 1024 to 256, 3x3 256, 1x1 256 to 1024, and three normalisations.
    const parameters = 1024 * 256 + 9 * 256 * 256 + 256 * 1024 + 2 * (256 + 256 + 1024);
    expect(bottlenecks[0].figures.parameters).toBe(17 * parameters);
    expect(diff.rows.some((row: { change: string }) => row.change === 'removed')).toBe(false);
  });

  it('writes what changed as one HTML file', async () => {
    const odd = file('<i>&.onnx', readFileSync('samples/vit.onnx'));
    const { status, stdout } = await cli('compare', 'arch:ResNet-50', odd, '--diff', '--format', 'html');
    expect(status).toBe(0);
    expect(stdout).not.toMatch(/https?:|src=|href=|@import|url\(|<script|<i>&/);
    expect(stdout).toContain('<h1>What changed from ResNet-50 to &lt;i&gt;&amp;.onnx</h1>');
    expect(stdout).toMatch(/<tr><th scope="row">Bottleneck stage 3<\/th><td>\u2212 removed<\/td>/);
    expect((await cli('compare', 'arch:ResNet-50', odd, '--diff', '--format', 'html')).stdout).toBe(stdout);
    const same = await cli('compare', odd, odd, '--diff', '--format', 'html');
    expect(same.stdout).toContain('The two models are the same');
  });

  it('finds nothing different between a model and itself', async () => {
    const { stdout } = await cli('compare', 'samples/hybrid.onnx', 'samples/hybrid.onnx', '--diff', '--format', 'json');
    expect(JSON.parse(stdout)).toMatchObject({ rows: [], total: { parameters: 0, macs: 0, flops: 0, weightBytes: 0 } });
  });

  it.each([
    [[], 'MODEL is missing'],
    [['a.onnx', '--sizes', '224,big'], '--sizes 224,big is not numbers'],
    [['a.onnx', '--format', 'pdf'], '--format pdf is not one of'],
    [['a.onnx', '--diff'], '--diff takes two models'],
    [['a.onnx', 'b.onnx', '--baseline', 'a.onnx', '--baseline', 'b.onnx'], '--baseline is given twice'],
    [['a.onnx', '--baseline'], "'--baseline <value>' argument missing"],
    [['a.onnx', '--sizes', ''], '--sizes  is not numbers'],
  ])('says what is wrong with %j', async (args, message) => {
    const { status, stderr } = await cli('compare', ...args);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});
