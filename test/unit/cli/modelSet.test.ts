import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, scratch } from './support';

const { folder, file } = scratch();
const figures = JSON.parse(readFileSync('samples/figures.json', 'utf8')) as {
  readonly models: Readonly<Record<string, { readonly macs: { readonly total: number } }>>;
};
const macs = (name: string) => figures.models[name]?.macs.total ?? Number.NaN;
mkdirSync(join(folder, 'models'));
for (const name of ['conv', 'vit']) file(`models/${name}.onnx`, readFileSync(`samples/${name}.onnx`));

interface Row {
  readonly name: string;
  readonly error: string;
  readonly figures: { readonly macs: number } | null;
  readonly difference: { readonly macs: number } | null;
}

function set(content: unknown): string {
  return file('variants.loupe.json', JSON.stringify(content));
}

async function compared(
  ...args: readonly string[]
): Promise<{ readonly status: number; readonly baseline: number; readonly rows: readonly Row[] }> {
  const { status, stdout } = await cli('compare', ...args, '--format', 'json');
  return { status, ...JSON.parse(stdout) };
}

describe('compare with a comparison file', () => {
  it('counts the models that it lists, by their labels, against its baseline', async () => {
    const models = [
      'models/conv.onnx',
      { file: 'models/vit.onnx', label: 'attention' },
      { architecture: 'ResNet-18', knobs: { classes: 10 } },
    ];
    const { status, baseline, rows } = await compared(set({ models, baseline: 'attention' }));
    expect({ status, baseline }).toEqual({ status: 0, baseline: 1 });
    expect(rows.map(({ name }) => name)).toEqual(['conv.onnx', 'attention', 'ResNet-18']);
    // The published multiply-adds, less those of 990 classes.
    expect(rows.map((row) => row.figures?.macs)).toEqual([macs('conv'), macs('vit'), 1_814_073_344 - 990 * 512]);
    expect(rows[0]?.difference?.macs).toBeCloseTo(macs('conv') / macs('vit') - 1, 10);
    expect(rows[1]?.difference).toBeNull();
  });

  it('stands among other models, and gives way to a baseline that is asked for', async () => {
    const path = set({ models: ['models/conv.onnx', 'models/vit.onnx'], baseline: 1 });
    const mixed = await compared('samples/hybrid.onnx', path);
    expect(mixed.rows.map(({ name }) => name)).toEqual(['hybrid.onnx', 'conv.onnx', 'vit.onnx']);
    expect(mixed.baseline).toBe(2);
    expect((await compared('samples/hybrid.onnx', path, '--baseline', 'samples/hybrid.onnx')).baseline).toBe(0);
    expect((await compared(path, '--baseline', 'conv.onnx')).baseline).toBe(0);
  });

  it('says in its row what is wrong with one model, and compares the rest', async () => {
    const { status, rows } = await compared(
      set({ models: ['missing.onnx', '/etc/passwd', '../../elsewhere.onnx', 7, { architecture: 'No-Such-Net' }, 'models/conv.onnx'] }),
    );
    expect(status).toBe(1);
    expect(rows.map(({ error }) => error)).toEqual([
      expect.stringContaining('cannot be read (ENOENT)'),
      expect.stringContaining('"/etc/passwd" is not relative to the comparison file'),
      expect.stringContaining('"../../elsewhere.onnx" lies outside'),
      expect.stringContaining('models[3] is neither a path nor an object'),
      expect.stringContaining('There is no reference system "No-Such-Net"'),
      '',
    ]);
    expect(rows[5]?.figures?.macs).toBe(macs('conv'));
    // Its baseline, the first, failed: there is nothing to measure from.
    expect(rows[5]?.difference).toBeNull();
  });

  it('says in one row that a file as a whole is no comparison', async () => {
    const { status, rows } = await compared(file('broken.loupe.json', '{"models": ['), 'samples/conv.onnx');
    expect(status).toBe(1);
    expect(rows.map(({ error }) => error)).toEqual([expect.stringContaining('is not valid JSON'), '']);
    const empty = await cli('compare', file('empty.loupe.json', '{"models": []}'));
    expect(empty).toEqual({ status: 1, stdout: '', stderr: expect.stringMatching(/empty\.loupe\.json lists no models to compare\.\n$/) });
  });

  it('gives its two models to a diff', async () => {
    const { stdout } = await cli('compare', '--diff', set({ models: ['models/conv.onnx', 'models/vit.onnx'] }), '--format', 'json');
    expect(JSON.parse(stdout).total.macs).toBe(macs('vit') - macs('conv'));
  });
});
