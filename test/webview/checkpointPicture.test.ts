import { describe, expect, it } from 'vitest';
import { colourFilters, permuted, tiled } from '../../webview/checkpoint/picture/compose';
import { picturesOf } from '../../webview/checkpoint/picture/kinds';
import { float32Text, numpyText } from '../../webview/checkpoint/picture/numpyText';
import { checkpointHost } from './support/checkpointHost';
import { DRAWN } from './support/themes';
import { useView } from './support/useView';
import { drawn } from './support/viewPage';

const tested = useView('checkpoint');
const tensor = (name: string, shape: readonly number[], kind: 'position' | 'convolution' | 'other' = 'other') => ({ name, shape, kind });

describe('what is drawn of a tensor', () => {
  it.each([
    ['a first convolution', tensor('conv1.weight', [64, 3, 7, 7]), ['filters', 'kernels', 'slice', 'spectrum']],
    ['a convolution of Keras', tensor('kernel', [3, 3, 16, 32]), ['kernels', 'slice', 'spectrum']],
    ['a pointwise convolution', tensor('conv.weight', [64, 16, 1, 1]), ['slice', 'spectrum']],
    ['a linear layer', tensor('fc.weight', [1000, 2048]), ['slice', 'spectrum']],
    ['position embeddings', tensor('pos_embed', [1, 197, 768], 'position'), ['similarity', 'slice']],
    ['Swin’s table of relative positions', tensor('relative_position_bias_table', [169, 3], 'position'), ['relative', 'slice', 'spectrum']],
    ['a vector', tensor('bias', [64]), []],
    ['a scalar', tensor('step', []), []],
    ['nothing', tensor('empty', [0, 4]), []],
  ])('%s', (_, row, expected) => {
    expect(picturesOf(row)).toEqual(expected);
  });
});

describe('pictures', () => {
  it('order axes as NumPy’s transpose does', () => {
    // np.arange(6).reshape(1, 2, 3).transpose(2, 0, 1).ravel()
    expect([...permuted(Float32Array.of(0, 1, 2, 3, 4, 5), [1, 2, 3], [2, 0, 1])]).toEqual([0, 3, 1, 4, 2, 5]);
  });

  it('put tiles beside each other with a line between', () => {
    const { rows, columns, values } = tiled(Float32Array.of(1, 2, 3, 4), { down: 2, across: 2 }, 1, 1);
    expect([rows, columns]).toEqual([3, 3]);
    expect([...values]).toEqual([1, Number.NaN, 2, Number.NaN, Number.NaN, Number.NaN, 3, Number.NaN, 4]);
  });

  it('scale each filter by itself, grey being 0', () => {
    const { data } = colourFilters(Float32Array.of(-2, 0, 2), 1, 1, 1, 1);
    expect([...data]).toEqual([0, 128, 255, 255]);
  });

  it('write numbers that read back as the same float32', () => {
    for (const value of [0.1, -1 / 3, 1e-40, 16777217, 3.4028234663852886e38, 0].map(Math.fround)) {
      expect(Math.fround(Number(float32Text(value)))).toBe(value);
    }
    expect([float32Text(Number.NaN), float32Text(Number.NEGATIVE_INFINITY), float32Text(Math.fround(0.1))]).toEqual(['nan', '-inf', '0.1']);
    const field = { rows: 2, columns: 2, values: Float32Array.of(1, 0.5, Number.NaN, -2) };
    expect(numpyText(field, '[0, :, :]')).toBe(
      'import numpy as np\nfrom numpy import inf, nan\n\n# [0, :, :]\nvalues = np.array([\n    [1, 0.5],\n    [nan, -2],\n], dtype=np.float32)\n',
    );
  });
});

describe.each(DRAWN)('the inspector, %s', (theme) => {
  it('draws filters, kernels, slices, similarities and spectra, reading what is shown', async () => {
    const asked: number[] = [];
    const host = checkpointHost({ kind: 'file', path: 'samples/vit.safetensors' }, ({ block }) => ({
      block: async (params, context) => {
        const values = await block(params, context);
        asked.push(values.length);
        return values;
      },
    }));
    const view = await tested.open(host, { theme, width: 1400, height: 900 });
    const { page } = view;
    const choose = async (list: string, entry: string) => {
      await page.locator(`vscode-dropdown[aria-label="${list}"]`).click();
      await page.getByRole('option', { name: entry, exact: true }).click();
    };
    const shot = async (name: string) => {
      await drawn(page);
      await tested.screenshot(page, `${theme}-picture-${name}`);
    };
    await page.getByRole('tab', { name: 'Tensors', exact: true }).click();
    await page.locator('data-table .table-body', { hasText: 'patch_embedding.weight' }).click();
    const canvas = page.locator('heat-canvas canvas');
    await canvas.waitFor();
    // 64 of 80 filters of 3 x 8 x 8.
    expect(asked).toEqual([64 * 3 * 8 * 8]);
    await page.locator('checkpoint-details .histogram').waitFor();
    await shot('filters');
    await choose('Picture', 'Kernels');
    await page.getByText('outputs 0–47 of 80').waitFor();
    await shot('kernels');
    await choose('Picture', 'Slice');
    await page.getByText('[:, :, 0, 0]').waitFor();
    await page.locator('tensor-picture input[type=range]').first().fill('7');
    await page.getByText('[:, :, 7, 0]').waitFor();
    await page.getByRole('button', { name: 'Copy as NumPy' }).click();
    await expect.poll(() => host.asked.copied[0] ?? '').toContain('# [:, :, 7, 0]\nvalues = np.array([');
    await shot('slice');
    await choose('Picture', 'Singular values');
    await page.locator('.spectrum path').waitFor();
    await shot('spectrum');
    await page.locator('data-table .table-body', { hasText: /^\s*position/ }).click();
    await page.getByText('cosine similarity between positions').waitFor();
    await shot('similarity');
    await page.locator('data-table .table-body', { hasText: 'blocks.0.mlp.0.weight' }).click();
    await page.getByText('[:, :]').waitFor();
    await canvas.click({ position: { x: 20, y: 20 } });
    await page.getByRole('button', { name: 'Whole slice' }).click();
    await page.getByText('[:, :]').waitFor();
    await shot('linear');
    expect(view.errors).toEqual([]);
    await view.close();
  });
});
