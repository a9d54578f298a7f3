import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CheckpointDiff, HealthReport } from '../../../src/protocol';
import { cli, scratch } from './support';

/** Made and measured with NumPy (test/fixtures/make/checkpointValues.py). */
const FOLDER = 'test/fixtures/checkpointValues';
const [A, B] = [`${FOLDER}/a.safetensors`, `${FOLDER}/b.safetensors`];
const expected = JSON.parse(readFileSync(`${FOLDER}/expected.json`, 'utf8'));
const files = scratch();

async function json(...args: readonly string[]) {
  const { stdout, status, stderr } = await cli(...args, '--json');
  return { status, stderr, value: JSON.parse(stdout) };
}

describe('inspect', () => {
  it('gives the contract of a checkpoint', async () => {
    const { status, value } = await json('inspect', A);
    expect(status).toBe(0);
    expect(Object.keys(value)).toEqual([
      'schema',
      'model',
      'totals',
      'budget',
      'types',
      'sections',
      'trust',
      'modules',
      'tensors',
      'findings',
    ]);
    expect(value.schema).toBe(1);
    expect(value.model).toMatchObject({ name: 'a.safetensors', format: 'safetensors' });
    expect(value.totals.tensors).toBe(16);
    expect(Object.keys(value.budget)).toEqual(['convolution', 'attention', 'feedForward', 'other']);
    expect(value.budget.convolution).toEqual({ parameters: 216, bytes: 864 });
    expect(value.trust).toEqual({ verdict: 'safe', weightsOnly: null, imports: [], reasons: [] });
    expect(value.tensors.find(({ name }: { name: string }) => name === 'stem.conv.weight')).toMatchObject({
      dtype: 'float32',
      shape: [8, 3, 3, 3],
      bytes: 864,
      kind: 'convolution',
      tied: '',
    });
    expect(value.modules.find(({ name }: { name: string }) => name === 'stem')).toMatchObject({
      kind: 'convolution',
      repeat: 1,
      tensors: 6,
      parameters: 232,
    });
    // float32 and float64 do not stand in one.
    expect(
      value.modules
        .find(({ name }: { name: string }) => name === 'blocks')
        .children.map(({ name, repeat }: { name: string; repeat: number }) => [name, repeat]),
    ).toEqual([
      ['0-1', 2],
      ['2', 1],
    ]);
  });

  it('refuses a depth that is none', async () => {
    expect(await cli('inspect', A, '--depth', 'x')).toMatchObject({ status: 2 });
    expect((await cli('inspect', A, '--depth', '1')).stdout).not.toContain('  conv ');
  });
});

describe('stats', () => {
  it('are what NumPy says', async () => {
    const { status, value } = await json('stats', A);
    expect(status).toBe(0);
    expect(value.tensors).toHaveLength(16);
    for (const { name, dtype: _dtype, shape: _shape, ...found } of value.tensors) {
      const { histogram: _histogram, mean, deviation, norm, ...exact } = expected.figures[name];
      expect(found, name).toMatchObject(exact);
      for (const [figure, wanted] of Object.entries({ mean, deviation, norm }))
        expect(found[figure], `${name} ${figure}`).toBeCloseTo(wanted as number, 9);
    }
  });

  it.each([['stem.conv.weight'], ['half.weight'], ['broken.weight'], ['blocks.2.weight']])('of %s have NumPy’s histogram', async (name) => {
    const { value } = await json('stats', A, name);
    expect(value.tensors[0].histogram).toEqual(expected.figures[name].histogram);
  });

  it('name a tensor that there is not', async () => {
    expect(await cli('stats', A, 'nothing')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('a.safetensors has no tensor nothing.'),
    });
  });

  it('are told of a model too', async () => {
    const { stdout } = await cli('stats', 'samples/vit.onnx');
    expect(stdout).toMatch(/^head\.weight +float32 +\[10, 80\]/m);
  });
});

describe('extract', () => {
  it('writes tensors that read back as they were', async () => {
    const out = join(files.folder, 'some.safetensors');
    expect(await cli('extract', A, 'half.weight', 'stem.bn.num_batches_tracked', 'blocks.2.weight', '-o', out)).toMatchObject({
      status: 0,
    });
    const { value } = await json('stats', out);
    expect(value.tensors.map(({ name }: { name: string }) => name)).toEqual([
      'blocks.2.weight',
      'stem.bn.num_batches_tracked',
      'half.weight',
    ]);
    for (const { name, norm } of value.tensors) expect(norm).toBeCloseTo(expected.figures[name].norm, 12);
    const diff = (await json('diff', A, out)).value as CheckpointDiff;
    expect([diff.unchanged, diff.changed]).toEqual([3, []]);
  });

  it('writes a file of NumPy', async () => {
    const out = join(files.folder, 'one.npy');
    await cli('extract', A, 'half.weight', '-o', out);
    const bytes = readFileSync(out);
    expect(bytes.toString('latin1', 1, 6)).toBe('NUMPY');
    expect(bytes.toString('latin1', 10, 80)).toContain("{'descr': '<f2', 'fortran_order': False, 'shape': (4, 6), }");
    expect(bytes.length).toBe(128 + 48);
    expect((await json('stats', out)).value.tensors[0].norm).toBeCloseTo(expected.figures['half.weight'].norm, 12);
  });

  it.each([
    [['extract', A, 'half.weight'], 2],
    [['extract', A, 'half.weight', '-o', 'x.txt'], 2],
    [['extract', A, 'half.weight', 'head.weight', '-o', 'x.npy'], 2],
    [['extract', A, 'nothing', '-o', join('nowhere', 'x.npy')], 1],
    [['extract', A, 'half.weight', '-o', join('nowhere', 'x.npy')], 1],
  ])('%j ends with %i', async (args, status) => {
    expect((await cli(...args)).status).toBe(status);
  });
});

describe('health', () => {
  it('finds what was put there', async () => {
    const { status, value } = await json('health', A);
    const report = value as HealthReport;
    expect(status).toBe(1);
    const found = report.findings.map(({ code, tensor, severity }) => `${severity} ${code} ${tensor}`);
    expect(found).toEqual(
      expect.arrayContaining([
        'error nan broken.weight',
        'error infinite broken.weight',
        'warning all-zero zero.weight',
        'warning constant flat.weight',
        'warning dead-units dead.weight',
        'warning batchnorm-never-updated stem.bn.running_mean',
        'warning dtype blocks.2.weight',
        'note constant stem.bn.weight',
        'note all-zero stem.bn.bias',
      ]),
    );
    expect(report.findings.filter(({ code }) => code === 'duplicate').map(({ message }) => message)).toEqual([
      '"copy.weight" holds the very same values as "blocks.0.weight", stored twice.',
    ]);
    expect(report.findings.find(({ code }) => code === 'dead-units')?.message).toContain('2 of 6 rows');
  });

  it('is quiet about a trained network', async () => {
    expect(await cli('health', 'samples/vit.safetensors')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^vit\.safetensors: 56 tensors, 920.kB, nothing found\.\s$/),
    });
  });

  it('is of checkpoints', async () => {
    expect(await cli('health', 'samples/vit.onnx')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('is a model with a graph'),
    });
  });
});

describe('diff', () => {
  it('says what changed and by how much', async () => {
    const { status, value } = await json('diff', A, B);
    const diff = value as CheckpointDiff;
    expect(status).toBe(0);
    expect(diff.added.map(({ name }) => name)).toEqual(['added.weight']);
    expect(diff.removed.map(({ name }) => name)).toEqual(['zero.weight']);
    expect(diff.renames).toEqual([{ from: 'dead.weight', to: 'renamed.kernel', by: 'content' }]);
    expect(diff.reshaped).toEqual([{ name: 'head.weight', from: [10, 16], shape: [5, 16] }]);
    expect(diff.cast).toEqual([{ name: 'blocks.1.weight', from: 'float32', to: 'float16' }]);
    // Most changed first; NaN and infinities that are the same on both sides are no change.
    expect(diff.changed.map(({ name }) => name)).toEqual(['blocks.0.weight', 'blocks.1.weight']);
    for (const { name, relativeL2, cosine, maxAbs } of diff.changed) {
      const { [name]: wanted } = expected.changed;
      expect(relativeL2).toBeCloseTo(wanted.relativeL2, 12);
      expect(cosine).toBeCloseTo(wanted.cosine, 12);
      expect(maxAbs).toBeCloseTo(wanted.maxAbs, 12);
    }
  });

  it('of keys reads no values', async () => {
    const { value } = await json('diff', A, B, '--keys');
    const diff = value as CheckpointDiff;
    expect(diff).toMatchObject({ keysOnly: true, unchanged: null, changed: [] });
    expect(diff.keys.missing).toEqual(expect.arrayContaining(['added.weight', 'renamed.kernel']));
    expect(diff.keys.unexpected).toEqual(expect.arrayContaining(['zero.weight', 'dead.weight']));
    expect(diff.keys.reshaped).toEqual([{ name: 'head.weight', checkpoint: [10, 16], model: [5, 16] }]);
    expect(diff.reasons.map(({ kind }) => kind)).toContain('classes');
  });

  it('finds weights that an exporter turned', async () => {
    const { value } = await json('diff', 'samples/vit.safetensors', 'samples/vit.onnx');
    const diff = value as CheckpointDiff;
    expect([diff.added, diff.removed, diff.changed]).toEqual([[], [], []]);
    expect(diff.renames).toContainEqual({ from: 'blocks.0.attention.qkv.weight', to: 'onnx::MatMul_273', by: 'content' });
    expect(diff.reasons.map(({ kind, count }) => `${kind} ${count}`).sort()).toEqual(['names 16', 'transpose 16']);
  });

  it('writes what loads', async () => {
    const out = join(files.folder, 'mended.safetensors');
    const { status, stderr } = await cli('diff', 'samples/vit.safetensors', 'samples/vit.onnx', '-o', out);
    expect([status, stderr]).toEqual([0, expect.stringContaining('56 tensors')]);
    const { value } = await json('diff', out, 'samples/vit.onnx');
    expect(value).toMatchObject({ added: [], removed: [], changed: [], renames: [], unchanged: 56 });
  });

  it('of two models is that of their blocks, and a reference system is one', async () => {
    expect((await cli('diff', 'samples/vit.onnx', 'samples/conv.onnx')).stdout).toContain('what changed');
    const { value } = await json('diff', 'samples/vit.safetensors', 'arch:ResNet-18', '--keys');
    expect((value as CheckpointDiff).keys.missing.length).toBeGreaterThan(20);
  });

  it.each([
    [['diff', A], 2],
    [['diff', A, B, '-o', 'x.npy'], 2],
    [['diff', A, 'nothing.safetensors'], 1],
  ])('%j ends with %i', async (args, status) => {
    expect((await cli(...args)).status).toBe(status);
  });
});

describe('compare', () => {
  it('sets a checkpoint beside its model: parameters and their split, and nothing that needs a graph', async () => {
    const { stdout, status, stderr } = await cli('compare', 'samples/vit.onnx', 'samples/vit.safetensors', '--format', 'json');
    expect([status, stderr]).toEqual([0, '']);
    const [model, checkpoint] = JSON.parse(stdout).rows;
    const parameters = ({ figures }: typeof model) =>
      Object.values(figures.budget).map((part) => (part as { parameters: number }).parameters);
    expect(checkpoint.figures).toMatchObject({ parameters: 230_010, macs: 0, lowerBounds: ['macs', 'flops', 'peakActivationBytes'] });
    expect(parameters(checkpoint)).toEqual(parameters(model));
    expect(checkpoint.difference).toMatchObject({ parameters: 0, macs: null, flops: null, peakActivationBytes: null });
    expect((await cli('compare', 'samples/vit.onnx', 'samples/vit.safetensors')).stdout).toMatch(/vit\.safetensors +230.k = +not known/);
  });
});

describe('footprint', () => {
  it('tells by optimizer and precision', async () => {
    const { value } = await json('footprint', 'samples/vit.safetensors', '--optimizer', 'adamw');
    expect(value).toMatchObject({ schema: 1, activations: null });
    expect(value.rows.map(({ precision }: { precision: string }) => precision)).toEqual(['fp32', 'amp', 'bf16', 'master']);
    expect(value.rows[0]).toMatchObject({ weights: 4 * 230_010, gradients: 4 * 230_010 });
    expect(await cli('footprint', 'samples/vit.safetensors', '--precision', 'fp3')).toMatchObject({ status: 2 });
    expect(await cli('footprint', 'samples/vit.onnx')).toMatchObject({ status: 1 });
  });
});
