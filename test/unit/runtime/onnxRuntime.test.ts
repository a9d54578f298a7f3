import { execFileSync } from 'node:child_process';
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { OnnxRuntime } from '../../../src/runtime/onnxRuntime';
import type { RunOrder, RunReport, RuntimeModel } from '../../../src/runtime/runtime';
import { external, model, node, pack, tensor, value } from '../../fixtures/onnx';
import { temporaryFolder } from '../vision/support/python';

const folder = temporaryFolder();
const runtime = new OnnxRuntime();
afterAll(async () => {
  await runtime.dispose();
  folder.remove();
});

function bytes(name: string, content: Uint8Array): RuntimeModel {
  return { kind: 'bytes', name, bytes: content, externalBytes: 0 };
}

function order(over: Partial<RunOrder> & Pick<RunOrder, 'model'>): RunOrder {
  const feeds = { x: { dtype: 'float32', shape: [1, 2], data: Float32Array.of(0, Math.log(3)) } };
  return { provider: 'cpu', feeds, taps: [], ...over };
}

function numbers(report: RunReport, name: string): Float32Array {
  const data = report.tensors[name]?.data;
  if (!(data instanceof Float32Array)) throw new Error(`no float32 tensor ${name}`);
  return data;
}

const SHAPE = ['n', 2] as const;
/** y = relu(softmax(x) - 0.5): softmax of [0, ln 3] is [1/4, 3/4]. */
const chain = model({
  nodes: [node('Softmax', ['x'], ['s'], { axis: -1 }), node('Sub', ['s', 'half'], ['d']), node('Relu', ['d'], ['y'])],
  inputs: [value('x', 'float32', SHAPE)],
  outputs: [value('y', 'float32', SHAPE)],
  initializers: [tensor('half', 'float32', [], [0.5])],
});

describe('OnnxRuntime', () => {
  it("gives a model's outputs and, by appended output names, its intermediate values", async () => {
    const report = await runtime.run(order({ model: bytes('chain.onnx', chain), taps: ['s'] }));
    expect(report.outputs).toEqual(['y']);
    expect(report.provider).toBe('cpu');
    expect(report.note).toBe('');
    expect([...numbers(report, 's')]).toEqual([expect.closeTo(0.25, 6), expect.closeTo(0.75, 6)]);
    expect([...numbers(report, 'y')]).toEqual([0, expect.closeTo(0.25, 6)]);
    expect(report.tensors['s']?.shape).toEqual([1, 2]);
  });

  it('keeps a session for the next run, and makes another when the file changes', async () => {
    const path = join(folder.path, 'cached.onnx');
    writeFileSync(path, chain);
    const file: RuntimeModel = { kind: 'file', path, name: 'cached.onnx', externalBytes: 0 };
    const first = await runtime.run(order({ model: file }));
    const second = await runtime.run(order({ model: file }));
    expect(first.timings.session).toBeGreaterThan(0);
    expect(second.timings.session).toBe(0);
    const other = model({
      nodes: [node('Neg', ['x'], ['y'])],
      inputs: [value('x', 'float32', SHAPE)],
      outputs: [value('y', 'float32', SHAPE)],
    });
    writeFileSync(path, other);
    const third = await runtime.run(order({ model: file }));
    expect(third.timings.session).toBeGreaterThan(0);
    expect(numbers(third, 'y')[1]).toBeCloseTo(-Math.log(3), 6);
  });

  it.each([[[]], [['sum']]])('finds external data beside a file, with taps %j', async (taps) => {
    const path = join(folder.path, 'external.onnx');
    writeFileSync(join(folder.path, 'weights.bin'), pack('float32', [10, 20]));
    writeFileSync(
      path,
      model({
        nodes: [node('Add', ['x', 'w'], ['sum']), node('Neg', ['sum'], ['y'])],
        inputs: [value('x', 'float32', SHAPE)],
        outputs: [value('y', 'float32', SHAPE)],
        initializers: [external('w', 'float32', [2], 'weights.bin', { offset: 0, length: 8 })],
      }),
    );
    const report = await runtime.run(order({ model: { kind: 'file', path, name: 'external.onnx', externalBytes: 8 }, taps }));
    expect(numbers(report, 'y')[0]).toBeCloseTo(-10, 6);
    if (taps.length > 0) expect(numbers(report, 'sum')[1]).toBeCloseTo(20 + Math.log(3), 5);
  });

  it('feeds and returns float16 as bits', async () => {
    const half = model({
      nodes: [node('Add', ['x', 'x'], ['y'])],
      inputs: [value('x', 'float16', [2])],
      outputs: [value('y', 'float16', [2])],
    });
    // 1.5 is 0x3e00 and 3 is 0x4200; -2 is 0xc000 and -4 is 0xc400 (IEEE 754 binary16).
    const feeds = { x: { dtype: 'float16', shape: [2], data: Uint16Array.of(0x3e00, 0xc000) } };
    const report = await runtime.run(order({ model: bytes('half.onnx', half), feeds }));
    expect(report.tensors['y']).toEqual({ dtype: 'float16', shape: [2], data: Uint16Array.of(0x4200, 0xc400) });
  });

  it('stops before a stage when it was cancelled', async () => {
    const controller = new AbortController();
    controller.abort();
    const running = runtime.run(order({ model: bytes('chain.onnx', chain), signal: controller.signal }));
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('lists the providers of this build', async () => {
    expect(await runtime.providers()).toContainEqual({ name: 'cpu', bundled: true });
  });
});

describe('what OnnxRuntime says when a model cannot be run', () => {
  const inputs = [value('x', 'float32', SHAPE)];
  const outputs = [value('y', 'float32', SHAPE)];
  const wrong: readonly (readonly [string, Uint8Array, RegExp])[] = [
    [
      'unknown operator',
      model({ nodes: [node('Frobnicate', ['x'], ['y'])], inputs, outputs, opset: 17 }),
      /^m\.onnx uses the operator Frobnicate \(opset 17\), which ONNX Runtime does not know\.$/,
    ],
    [
      'future opset',
      model({ nodes: [node('Relu', ['x'], ['y'])], inputs, outputs, opset: 99 }),
      /^m\.onnx is of opset 99 of ai\.onnx, but ONNX Runtime runs opsets up to \d+\. Export it for an older opset\.$/,
    ],
    [
      'future IR version',
      model({ nodes: [node('Relu', ['x'], ['y'])], inputs, outputs, ir: 99 }),
      /^m\.onnx is of IR version 99, but ONNX Runtime reads versions up to \d+\./,
    ],
    ['cut short', chain.slice(0, chain.length - 9), /^m\.onnx is no complete ONNX file/],
    [
      'cycle',
      model({ nodes: [node('Add', ['x', 'b'], ['a']), node('Add', ['x', 'a'], ['b']), node('Relu', ['b'], ['y'])], inputs, outputs }),
      /^m\.onnx cannot be run: (its graph has a cycle|a node reads the value b, which nothing produces)\.$/,
    ],
    [
      'missing value',
      model({ nodes: [node('Add', ['x', 'nowhere'], ['y'])], inputs, outputs }),
      /^m\.onnx cannot be run: a node reads the value nowhere, which nothing produces\.$/,
    ],
    [
      'external data without a folder',
      model({ nodes: [node('Add', ['x', 'w'], ['y'])], inputs, outputs, initializers: [external('w', 'float32', [2], 'w.bin')] }),
      /^m\.onnx cannot be run.*weights/,
    ],
    [
      'wrong rank',
      model({
        nodes: [node('Relu', ['x'], ['y'])],
        inputs: [value('x', 'float32', [1, 3, 8, 8])],
        outputs: [value('y', 'float32', [1, 3, 8, 8])],
      }),
      /^m\.onnx takes an input x of 4 dimensions, not 2\.$/,
    ],
    [
      'wrong extent',
      model({ nodes: [node('Relu', ['x'], ['y'])], inputs: [value('x', 'float32', [1, 5])], outputs: [value('y', 'float32', [1, 5])] }),
      /^m\.onnx takes 5 along axis 1 of its input x, not 2\.$/,
    ],
    [
      'wrong type',
      model({ nodes: [node('Relu', ['x'], ['y'])], inputs: [value('x', 'float16', SHAPE)], outputs: [value('y', 'float16', SHAPE)] }),
      /^m\.onnx takes an input of type float16, not float\.$/,
    ],
    [
      'failing node',
      model({
        nodes: [node('Reshape', ['x', 'five'], ['y'], {}, { name: 'shrink' })],
        inputs,
        outputs,
        initializers: [tensor('five', 'int64', [1], [5])],
      }),
      /^m\.onnx failed at node shrink \(Reshape\): .*\.$/,
    ],
  ];

  it.each(wrong)('%s', async (_what, content, sentence) => {
    const error: unknown = await runtime.run(order({ model: bytes('m.onnx', content) })).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'UserError', message: expect.stringMatching(sentence) });
    expect(String(error)).not.toMatch(/onnxruntime_src|\n/);
  });

  it('missing external data file', async () => {
    const path = join(folder.path, 'lonely.onnx');
    writeFileSync(
      path,
      model({ nodes: [node('Add', ['x', 'w'], ['y'])], inputs, outputs, initializers: [external('w', 'float32', [2], 'gone.bin')] }),
    );
    const running = runtime.run(order({ model: { kind: 'file', path, name: 'lonely.onnx', externalBytes: 0 } }));
    await expect(running).rejects.toThrow(/weights file .*gone\.bin is missing\. Put it beside the model\./);
  });

  it('no such file', async () => {
    const running = runtime.run(order({ model: { kind: 'file', path: join(folder.path, 'no.onnx'), name: 'no.onnx', externalBytes: 0 } }));
    await expect(running).rejects.toThrow(/no\.onnx cannot be read \(ENOENT\)/);
  });
});

describe('providers', () => {
  it('falls back to the CPU and says why', async () => {
    const report = await runtime.run(order({ model: bytes('chain.onnx', chain), provider: 'coreml' }));
    expect(report.provider).toBe('cpu');
    expect(report.note).toBe('coreml: this build of ONNX Runtime does not have it.');
  });

  it('refuses a name that is none', async () => {
    await expect(runtime.run(order({ model: bytes('chain.onnx', chain), provider: 'warp' }))).rejects.toThrow(
      /no execution provider "warp"/,
    );
  });

  it('falls back when a provider fails while it runs, and says why', async () => {
    const ort = await import('onnxruntime-node');
    // Stands for a GPU that is lost during the run: sessions "on WebGPU" fail, all others are real.
    const create = async (model: Uint8Array, options: { readonly executionProviders: readonly string[] }) => {
      const session = await ort.InferenceSession.create(model, { executionProviders: ['cpu'] });
      if (options.executionProviders[0] !== 'webgpu') return session;
      return { outputNames: session.outputNames, release: () => session.release(), run: () => Promise.reject(new Error('device lost')) };
    };
    const flaky = new OnnxRuntime(async () => Object.create(ort, { InferenceSession: { value: { create } } }));
    const report = await flaky.run(order({ model: bytes('chain.onnx', chain), provider: 'webgpu' }));
    expect(report.provider).toBe('cpu');
    expect(report.note).toBe('webgpu: chain.onnx cannot be run by ONNX Runtime: device lost.');
    expect(numbers(report, 'y')[1]).toBeCloseTo(0.25, 6);
    await flaky.dispose();
  });

  it('says that ONNX Runtime cannot be loaded, and tries again next time', async () => {
    let tries = 0;
    const absent = new OnnxRuntime(async () => {
      tries++;
      throw new Error("Cannot find module '../bin/napi-v6/plan9/mips/onnxruntime_binding.node'\nRequire stack:");
    });
    for (const expected of [1, 2]) {
      await expect(absent.run(order({ model: bytes('chain.onnx', chain) }))).rejects.toMatchObject({
        name: 'UserError',
        message: expect.stringMatching(/^ONNX Runtime cannot be loaded on this machine \(.*\): Cannot find module [^\n]*\. Reinstall/),
      });
      expect(tries).toBe(expected);
    }
  });

  const driver = '/usr/lib/chromium/vk_swiftshader_icd.json';
  const hasDriver = existsSync(driver);
  if (!hasDriver) process.stderr.write(`Skipped: the WebGPU tests need the software Vulkan driver of Debian's chromium (${driver}).\n`);

  it.skipIf(!hasDriver)('auto runs on WebGPU where there is a Vulkan device, equal to the CPU', () => {
    const report = runInChild('auto', driver);
    expect(report).toEqual({
      provider: 'webgpu',
      note: '',
      y: [0, expect.closeTo(0.25, 5)],
      s: [expect.closeTo(0.25, 5), expect.closeTo(0.75, 5)],
    });
  });

  it.skipIf(!hasDriver)('says that there is no GPU where Vulkan finds none', () => {
    const report = runInChild('webgpu', '/no/such/driver.json');
    expect(report).toMatchObject({ provider: 'cpu', y: [0, expect.closeTo(0.25, 6)] });
    expect(report.note).toMatch(/^webgpu: no GPU was found \(.*\)\.$/);
  });
});

/** The adapter in a process of its own: the Vulkan loader reads its environment once, and a broken driver takes only that process down. */
function runInChild(provider: string, driver: string): { readonly provider: string; readonly note: string; readonly y: readonly number[] } {
  const bundle = join(folder.path, 'runtime.cjs');
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  buildSync({
    entryPoints: [join(root, 'src/runtime/onnxRuntime.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['onnxruntime-node'],
  });
  const path = join(folder.path, 'gpu.onnx');
  writeFileSync(path, chain);
  const script = `
    const { OnnxRuntime } = require(${JSON.stringify(bundle)});
    const feeds = { x: { dtype: 'float32', shape: [1, 2], data: Float32Array.of(0, Math.log(3)) } };
    const model = { kind: 'file', path: ${JSON.stringify(path)}, name: 'gpu.onnx', externalBytes: 0 };
    new OnnxRuntime().run({ model, provider: '${provider}', feeds, taps: ['s'] }).then(({ provider, note, tensors }) => {
      process.stdout.write(JSON.stringify({ provider, note, y: [...tensors.y.data], s: [...tensors.s.data] }));
    });`;
  const environment = {
    ...process.env,
    VK_ICD_FILENAMES: driver,
    LD_LIBRARY_PATH: '/usr/lib/chromium',
  };
  // The bundle looks for onnxruntime-node beside itself.
  if (!existsSync(join(folder.path, 'node_modules'))) symlinkSync(join(root, 'node_modules'), join(folder.path, 'node_modules'));
  const stdout = execFileSync(process.execPath, ['-e', script], {
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return JSON.parse(stdout);
}
