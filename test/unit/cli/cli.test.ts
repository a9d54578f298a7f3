import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { graph, model, node, tensor, value } from '../../fixtures/onnx';
import { bundledCli, scratch, VERSION } from './support';

interface SampleFigures {
  readonly models: Readonly<Record<string, { readonly parametersInOnnx: number; readonly macs: { readonly total: number } }>>;
  readonly answers: Readonly<Record<string, Readonly<Record<string, { readonly logits: readonly number[] }>>>>;
}

const figures = JSON.parse(readFileSync('samples/figures.json', 'utf8')) as SampleFigures;
const { cli } = bundledCli('cli');
const { folder, file } = scratch();

/** Cells of a CSV whose quoted ones hold no line breaks. */
function csv(text: string): string[][] {
  const lines = text.trim().split('\n');
  return lines.map((line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((cell) => cell[1] ?? cell[2] ?? ''));
}

describe('profile', () => {
  it.each(['conv', 'vit', 'hybrid'])("counts %s as PyTorch's hooks do", (name) => {
    const { status, stdout, stderr } = cli('profile', `samples/${name}.onnx`, '--json');
    const { schema, totals, budget, warnings } = JSON.parse(stdout);
    expect({ status, stderr, schema, warnings }).toEqual({ status: 0, stderr: '', schema: 1, warnings: [] });
    expect(totals.macs).toBe(figures.models[name]?.macs.total);
    expect(totals.parameters).toBe(figures.models[name]?.parametersInOnnx);
    const sum = Object.values(budget as Record<string, { macs: number }>).reduce((total, { macs }) => total + macs, 0);
    expect(sum).toBe(totals.macs);
  });

  it('scales with a bound dimension and with an input shape', () => {
    const macs = (...args: readonly string[]) => JSON.parse(cli('profile', 'samples/vit.onnx', '--json', ...args).stdout).totals.macs;
    const one = figures.models['vit']?.macs.total ?? 0;
    expect(macs('--bind', 'batch=3')).toBe(3 * one);
    expect(macs('--input', 'image=2x3x64x64')).toBe(2 * one);
    expect(macs('--input', '4x3x64x64')).toBe(4 * one);
  });

  it('adds up to the same total in every grouping, as CSV', () => {
    for (const group of ['block', 'category', 'op', 'node']) {
      const rows = csv(cli('profile', 'samples/conv.onnx', '--csv', '--group', group).stdout);
      const column = rows[0]?.indexOf('MACs') ?? -1;
      const total = rows.at(-1);
      expect(total?.[0]).toBe('total');
      expect(Number(total?.[column])).toBe(figures.models['conv']?.macs.total);
      if (group === 'block') continue; // Blocks hold blocks, and not every node.
      const sum = rows.slice(1, -1).reduce((sum, row) => sum + Number(row[column]), 0);
      expect(sum).toBe(figures.models['conv']?.macs.total);
    }
  });

  it('sorts, and writes Markdown', () => {
    const { stdout } = cli('profile', 'samples/conv.onnx', '--group', 'op', '--by', 'macs', '--markdown');
    const lines = stdout.split('\n');
    expect(lines[1]).toMatch(/^\| --- \|.*---: \|$/);
    expect(lines[2]).toMatch(/^\| Conv \| x12 \|/);
  });
});

describe('inspect', () => {
  it('says what the header of the editor says', () => {
    const { status, stdout } = cli('inspect', 'samples/hybrid.onnx');
    expect(status).toBe(0);
    for (const text of [
      'opset ai.onnx 17',
      'pytorch 1.13',
      'image float32 [1, 3, 64, 64]',
      'batch = 1 (assumed)',
      '107,810',
      '9,250,944',
    ]) {
      expect(stdout).toContain(text);
    }
  });
});

describe('run', () => {
  it("gives PyTorch's answer with times, provider and attention, and writes the picture", async () => {
    const picture = join(folder, 'attention.png');
    const { status, stdout } = cli(
      'run',
      'samples/vit.onnx',
      'samples/images/star_01.png',
      '--provider',
      'cpu',
      '--attention',
      picture,
      '--json',
    );
    const result = JSON.parse(stdout);
    expect(status).toBe(0);
    expect(result).toMatchObject({ schema: 1, provider: 'cpu', outputs: [{ name: 'logits', dtype: 'float32', shape: [1, 10] }] });
    const logits = figures.answers['star_01.png']?.['vit']?.logits ?? [];
    const best = logits.indexOf(Math.max(...logits));
    const probability = 1 / logits.reduce((sum, logit) => sum + Math.exp(logit - (logits[best] ?? 0)), 0);
    expect(result.labels[0]).toMatchObject({ index: best, label: 'star' });
    expect(result.labels[0].probability).toBeCloseTo(probability, 3);
    for (const stage of ['decode', 'preprocess', 'session', 'run']) expect(result.timings[stage]).toBeGreaterThan(0);
    expect(result.attention).toHaveLength(4);
    expect(result.attention[0]).toMatchObject({ heads: 4, queries: 65, keys: 65, file: picture });
    expect((await sharp(picture).metadata()).format).toBe('png');
  });

  it('says plainly that a convolutional model has no attention to draw', () => {
    const picture = join(folder, 'none.png');
    const { status, stderr } = cli('run', 'samples/conv.onnx', 'samples/images/star_01.png', '--attention', picture);
    expect(status).toBe(0);
    expect(stderr).toContain('has no attention layers that can be shown');
    expect(existsSync(picture)).toBe(false);
  });
});

describe('what is wrong', () => {
  const hybrid = readFileSync('samples/hybrid.onnx');
  const star = 'samples/images/star_01.png';
  const relu = (inputs: string, outputs: string) => node('Relu', [inputs], [outputs]);
  const one = { inputs: [value('x', 'float32', [1, 2])], outputs: [value('y', 'float32', [1, 2])] };
  const cases: readonly [string, () => readonly string[], RegExp][] = [
    ['an empty file', () => ['inspect', file('empty.onnx', '')], /empty\.onnx is empty\./],
    ['a text file', () => ['profile', file('text.onnx', 'hello\n')], /text\.onnx is a text file/],
    [
      'a truncated file',
      () => ['profile', file('cut.onnx', hybrid.subarray(0, 100_000))],
      /cut\.onnx is truncated: it ends at byte 100000/,
    ],
    ['a file that is not there', () => ['inspect', join(folder, 'none.onnx')], /none\.onnx cannot be read/],
    ['a folder', () => ['inspect', folder], /is not a file/],
    [
      'a cycle',
      () => ['profile', file('cycle.onnx', model({ ...one, nodes: [node('Add', ['x', 'b'], ['a']), relu('a', 'b'), relu('a', 'y')] }))],
      /cycle\.onnx: .*cycle/,
    ],
    [
      'a value nobody makes',
      () => ['inspect', file('lost.onnx', model({ ...one, nodes: [relu('nowhere', 'y')] }))],
      /lost\.onnx: .*"nowhere"/,
    ],
    ['an image that is none', () => ['run', 'samples/hybrid.onnx', file('no.png', 'no image')], /no\.png is no image that can be read/],
    [
      'a model that takes no image',
      () => ['run', file('vector.onnx', model({ ...one, nodes: [relu('x', 'y')] })), star],
      /vector\.onnx takes no image/,
    ],
    ['an opset nobody has', () => ['run', file('future.onnx', model({ ...imageModel(), opset: 999 })), star], /opset/i],
  ];
  it.each(cases)('%s ends with code 1 and one sentence', (_name, args, sentence) => {
    const { status, stderr } = cli(...args());
    expect(status).toBe(1);
    const lines = stderr.split('\n').filter((line) => line.startsWith('model-loupe: '));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(sentence);
    expect(lines[0]).toMatch(/\.$/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it.each([
    [['nothing']],
    [[]],
    [['profile']],
    [['run', 'a.onnx']],
    [['profile', 'a', 'b']],
    [['profile', 'a', '--group', 'x']],
    [['inspect', 'a', '--no']],
    [['profile', 'a', '--input', 'x=1x-3']],
  ])('%j ends with code 2 and the usage', (args) => {
    const { status, stdout, stderr } = cli(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('Usage:');
  });

  it('help and version go to standard output', () => {
    expect(cli('--help')).toMatchObject({ status: 0, stderr: '' });
    expect(cli('--version').stdout).toBe(`${VERSION}\n`);
  });
});

function imageModel() {
  const image = value('x', 'float32', [1, 3, 8, 8]);
  return { inputs: [image], outputs: [value('y', 'float32', [1, 3, 8, 8])], nodes: [node('Relu', ['x'], ['y'])] };
}

describe('bodies and loops', () => {
  it('count the turns of a loop in every grouping: 5 x 2 x 3 x 3 multiply-adds', () => {
    const matrix = (name: string) => value(name, 'float32', [2, 3]);
    const body = graph({
      nodes: [node('MatMul', ['state', 'w'], ['next']), node('Identity', ['on'], ['still'])],
      inputs: [value('turn', 'int64', []), value('on', 'bool', []), matrix('state')],
      outputs: [value('still', 'bool', []), matrix('next')],
    });
    const path = file(
      'loop.onnx',
      model({
        inputs: [matrix('x')],
        outputs: [matrix('y')],
        initializers: [
          tensor('w', 'float32', [3, 3], new Array<number>(9).fill(1)),
          tensor('turns', 'int64', [], [5]),
          tensor('yes', 'bool', [], [1]),
        ],
        nodes: [node('Loop', ['turns', 'yes', 'x'], ['y'], { body })],
      }),
    );
    for (const group of ['op', 'node']) {
      const rows = csv(cli('profile', path, '--csv', '--group', group).stdout);
      const column = rows[0]?.indexOf('MACs') ?? -1;
      expect(Number(rows.at(-1)?.[column])).toBe(5 * 2 * 3 * 3);
      expect(rows.slice(1, -1).reduce((sum, row) => sum + Number(row[column]), 0)).toBe(5 * 2 * 3 * 3);
    }
  });
});
