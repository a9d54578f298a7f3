import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Runner } from '../../../src/engine/runImage';
import type { Dim, DType } from '../../../src/model';
import type { ModelSource, RunRequest } from '../../../src/protocol';
import { fromHalf } from '../../../src/vision/float16';
import { type GraphSpec, model, node, tensor, value } from '../../fixtures/onnx';
import { temporaryFolder } from '../vision/support/python';
import { context, models, only, Recorder } from './runSupport';

const folder = temporaryFolder();
const runtime = new Recorder();
const runner = new Runner(models, only(runtime));
const COLOR = [200, 100, 50] as const;
let png: Uint8Array;

beforeAll(async () => {
  const background = { r: COLOR[0], g: COLOR[1], b: COLOR[2] };
  png = await sharp({ create: { width: 40, height: 30, channels: 3, background } })
    .png()
    .toBuffer();
});
afterAll(async () => {
  await runner.dispose();
  folder.remove();
});

/** A model that gives the mean of every channel: of an image of one colour, what that colour was turned into. */
function means(
  shape: readonly Dim[],
  dtype: DType,
  axes: readonly number[],
  over: GraphSpec & { readonly modelMetadata?: Readonly<Record<string, string>> } = {},
): Uint8Array {
  return model({
    nodes: [node('Cast', ['x'], ['f'], { to: 1 }), node('ReduceMean', ['f', 'axes'], ['y'], { keepdims: 0 })],
    inputs: [value('x', dtype, shape)],
    outputs: [value('y', 'float32', null)],
    initializers: [tensor('axes', 'int64', [axes.length], axes)],
    ...over,
  });
}

function request(source: ModelSource | Uint8Array, over: Partial<RunRequest> = {}): RunRequest {
  const asked: ModelSource = source instanceof Uint8Array ? { kind: 'bytes', name: 'means.onnx', bytes: source } : source;
  return { model: asked, image: { kind: 'bytes', name: 'color.png', bytes: png }, provider: 'cpu', attention: true, ...over };
}

function output(): number[] {
  const data = runtime.report?.tensors['y']?.data;
  return ArrayBuffer.isView(data) && 'length' in data ? Array.from(data, Number) : [];
}

const MEAN = [0.485, 0.456, 0.406];
const STD = [0.229, 0.224, 0.225];
/** ONNX Runtime sums 224 x 224 pixels in float32. */
const NORMALIZED = COLOR.map((level, channel) => expect.closeTo((level / 255 - (MEAN[channel] ?? 0)) / (STD[channel] ?? 1), 3));

describe('kinds of image input', () => {
  it.each([
    ['NCHW', [1, 3, 32, 32], 'float32', [2, 3], [1, 3]],
    ['NHWC', [1, 32, 32, 3], 'float32', [1, 2], [1, 3]],
    ['free batch, height and width', ['n', 3, 'h', 'w'], 'float32', [2, 3], [1, 3]],
    ['no batch axis', [3, 32, 32], 'float32', [1, 2], [3]],
    ['a fixed batch of 2', [2, 3, 32, 32], 'float32', [2, 3], [2, 3]],
  ] as const)('%s', async (_name, shape, dtype, axes, expected) => {
    const result = await runner.run(request(means(shape, dtype, axes)), context);
    expect(result.outputs).toEqual([{ name: 'y', dtype: 'float32', shape: expected }]);
    expect(output().slice(0, 3)).toEqual(NORMALIZED);
    expect(result.labels).toHaveLength(3);
    expect(result.warnings).toEqual([]);
  });

  it('uint8 gets the pixels as they are', async () => {
    await runner.run(request(means([1, 32, 32, 3], 'uint8', [1, 2])), context);
    expect(output()).toEqual([...COLOR]);
  });

  it('float16 is fed as such', async () => {
    await runner.run(request(means([1, 3, 32, 32], 'float16', [2, 3])), context);
    for (const [channel, got] of output().entries()) {
      const exact = ((COLOR[channel] ?? 0) / 255 - (MEAN[channel] ?? 0)) / (STD[channel] ?? 1);
      expect(Math.abs(got - exact)).toBeLessThan(2 ** -10);
    }
  });

  it('float16 outputs are read', async () => {
    const nodes = [node('ReduceMean', ['x', 'axes'], ['y'], { keepdims: 0 })];
    const result = await runner.run(
      request(means([1, 3, 32, 32], 'float16', [2, 3], { nodes, outputs: [value('y', 'float16', [1, 3])] })),
      context,
    );
    const logits = output().map(fromHalf);
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    expect(result.labels[0]?.probability).toBeCloseTo(Math.exp(Math.max(...logits)) / total, 5);
  });

  it('one channel is gray', async () => {
    const result = await runner.run(request(means([1, 1, 28, 28], 'float32', [1, 2, 3])), context);
    // ITU-R 601: 0.299 * 200 + 0.587 * 100 + 0.114 * 50 = 124.2; the means are ImageNet's, averaged.
    expect(output()).toEqual([expect.closeTo((124 / 255 - 0.449) / 0.226, 4)]);
    expect(result.recipe.channels).toBe('gray');
    expect(result.labels).toEqual([]);
    expect(result.warnings).toEqual([expect.stringMatching(/^No output is a vector of classes/)]);
  });
});

describe('what lies beside a model', () => {
  it('labels and preprocessing come from files, also one folder above onnx/', async () => {
    mkdirSync(join(folder.path, 'hub/onnx'), { recursive: true });
    const path = join(folder.path, 'hub/onnx/model.onnx');
    writeFileSync(path, means(['n', 3, 'h', 'w'], 'float32', [2, 3]));
    writeFileSync(
      join(folder.path, 'hub/preprocessor_config.json'),
      JSON.stringify({ size: 20, do_normalize: false, image_processor_type: 'ViTImageProcessor' }),
    );
    writeFileSync(join(folder.path, 'hub/config.json'), JSON.stringify({ id2label: { 0: 'red', 1: 'green', 2: 'blue' } }));
    const result = await runner.run(request({ kind: 'file', path }), context);
    expect(result.recipe).toMatchObject({ source: 'preprocessor_config.json', resize: { mode: 'exact', height: 20, width: 20 } });
    expect(result.labels.map(({ label }) => label)).toEqual(['red', 'green', 'blue']);
    expect(output()).toEqual(COLOR.map((level) => expect.closeTo(level / 255, 5)));
  });

  it('a list named after the model comes before a shared one', async () => {
    const path = join(folder.path, 'paint.onnx');
    writeFileSync(path, means([1, 3, 32, 32], 'float32', [2, 3]));
    writeFileSync(join(folder.path, 'labels.txt'), 'a\nb\nc\n');
    writeFileSync(join(folder.path, 'paint.labels.txt'), 'rouge\nvert\nbleu\n');
    const { labels } = await runner.run(request({ kind: 'file', path }), context);
    expect(labels.map(({ label }) => label)).toEqual(['rouge', 'vert', 'bleu']);
  });
});

describe('what cannot be run', () => {
  it('a model that takes no image', async () => {
    const text = model({
      nodes: [node('Identity', ['ids'], ['y'])],
      inputs: [value('ids', 'int64', [1, 16])],
      outputs: [value('y', 'int64', [1, 16])],
    });
    await expect(runner.run(request(text), context)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(/^means\.onnx takes no image: its input is ids int64 \[1, 16\]/),
    });
  });

  it('an image that is none', async () => {
    const image = { kind: 'bytes', name: 'notes.txt', bytes: new TextEncoder().encode('not an image') } as const;
    await expect(runner.run(request(means([1, 3, 32, 32], 'float32', [2, 3]), { image }), context)).rejects.toThrow(
      /^notes\.txt is no image that can be read/,
    );
  });

  it('a model that ONNX Runtime refuses', async () => {
    const broken = means([1, 3, 32, 32], 'float32', [2, 3], {
      nodes: [node('Cast', ['x'], ['f'], { to: 1 }), node('Mystery', ['f'], ['y'])],
    });
    await expect(runner.run(request(broken), context)).rejects.toThrow(/^means\.onnx uses the operator Mystery/);
  });

  it('a cancelled request', async () => {
    const controller = new AbortController();
    const cancelling = {
      signal: controller.signal,
      progress: ({ stage }: { readonly stage: string }) => stage === 'preprocess' && controller.abort(),
    };
    const running = runner.run(request(means([1, 3, 32, 32], 'float32', [2, 3])), {
      ...cancelling,
      progress: (progress) => void cancelling.progress(progress),
    });
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('attention of a run that shows none', async () => {
    const { run } = await runner.run(request(means([1, 3, 32, 32], 'float32', [2, 3])), context);
    await expect(runner.attention({ run, block: 'b9', head: 0, window: 0 })).rejects.toThrow(/no attention layer b9/);
    await expect(runner.attentionPicture({ run })).rejects.toThrow(/no picture to draw/);
  });
});

it('reports every stage', async () => {
  const stages: string[] = [];
  const watching = { signal: context.signal, progress: ({ stage }: { readonly stage: string }) => void stages.push(stage) };
  await runner.run(request(means([1, 3, 48, 48], 'float32', [2, 3])), watching);
  expect(stages).toEqual(['decode', 'preprocess', 'session', 'run']);
});
