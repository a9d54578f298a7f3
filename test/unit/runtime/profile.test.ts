import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { measurePeak } from '../../../src/runtime/machinePeak';
import { OnnxRuntime } from '../../../src/runtime/onnxRuntime';
import type { ProfileOrder } from '../../../src/runtime/profiler';
import type { RuntimeModel } from '../../../src/runtime/runtime';
import { sampleInputs } from '../../../src/runtime/sampleInputs';
import { summarise, type TraceEvent } from '../../../src/runtime/trace';
import { external, model, node, pack, tensor, value } from '../../fixtures/onnx';
import { temporaryFolder } from '../vision/support/python';

const folder = temporaryFolder();
const temporary = join(folder.path, 'tmp');
const models = join(folder.path, 'models');
mkdirSync(temporary);
mkdirSync(models);
const runtime = new OnnxRuntime();
const before = process.env['TMPDIR'];
beforeEach(() => {
  process.env['TMPDIR'] = temporary;
});
afterEach(() => {
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
});
afterAll(async () => {
  await runtime.dispose();
  folder.remove();
});

function file(name: string, bytes: Uint8Array): RuntimeModel {
  const path = join(models, name);
  writeFileSync(path, bytes);
  return { kind: 'file', name, path, externalBytes: 0 };
}

function order(over: Partial<ProfileOrder> & Pick<ProfileOrder, 'model'>): ProfileOrder {
  return { provider: 'cpu', feeds: { x: { dtype: 'float32', shape: [2, 3], data: new Float32Array(6) } }, runs: 3, warmup: 1, ...over };
}

const inputs = [value('x', 'float32', [2, 3])];
const outputs = [value('y', 'float32', [2, 3])];
const chain = model({
  nodes: [node('Sin', ['x'], ['s'], {}, { name: 'sine' }), node('Neg', ['s'], ['y'], {}, { name: 'minus' })],
  inputs,
  outputs,
});

describe('profile', () => {
  it('times each kernel of each measured run, and leaves nothing on the disk', async () => {
    const given = file('chain.onnx', chain);
    const report = await runtime.profile(order({ model: given }));
    expect(report.kernels.map(({ name, op }) => [name, op])).toEqual([
      ['sine', 'Sin'],
      ['minus', 'Neg'],
    ]);
    expect(report.kernels[0]).toMatchObject({ provider: 'CPUExecutionProvider', outputs: [{ dtype: 'float32', shape: [2, 3] }] });
    expect(report).toMatchObject({ runs: 3, provider: 'cpu', note: '' });
    expect(report.optimized?.graph.nodes.map(({ op }) => op)).toEqual(['Sin', 'Neg']);
    expect(readdirSync(temporary)).toEqual([]);
    expect(readdirSync(models)).toEqual(['chain.onnx']);
  });

  it('finds weights beside the model', async () => {
    writeFileSync(join(models, 'weights.bin'), pack('float32', [1, 2, 3]));
    const bytes = model({
      nodes: [node('Add', ['x', 'w'], ['y'])],
      inputs,
      outputs,
      initializers: [external('w', 'float32', [3], 'weights.bin')],
    });
    const report = await runtime.profile(order({ model: file('beside.onnx', bytes) }));
    expect(report.kernels.map(({ op }) => op)).toEqual(['Add']);
    expect(readdirSync(models).sort()).toEqual(['beside.onnx', 'chain.onnx', 'weights.bin']);
  });

  it('stops between runs when cancelled, and removes what it wrote', async () => {
    const controller = new AbortController();
    let runs = 0;
    const onProgress = () => {
      runs += 1;
      if (runs === 2) controller.abort();
    };
    const running = runtime.profile(order({ model: file('chain.onnx', chain), runs: 1000, signal: controller.signal, onProgress }));
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    expect(runs).toBe(2);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('begins no run after its budget, but does one', async () => {
    const report = await runtime.profile(order({ model: file('chain.onnx', chain), runs: 1_000_000, budget: 0 }));
    expect(report.runs).toBe(1);
  });

  it.each([
    ['cut short', chain.slice(0, chain.length - 9), /cut\.onnx is no complete ONNX file/],
    [
      'without its weights',
      model({ nodes: [node('Add', ['x', 'w'], ['y'])], inputs, outputs, initializers: [external('w', 'float32', [3], 'gone.bin')] }),
      /weights file .*gone\.bin is missing/,
    ],
    ['with an operator nobody has', model({ nodes: [node('Nothing', ['x'], ['y'])], inputs, outputs }), /uses the operator .*Nothing/],
    [
      'that fails while it runs',
      model({
        nodes: [node('Reshape', ['x', 'to'], ['y'], {}, { name: 'bad' })],
        inputs,
        outputs,
        initializers: [tensor('to', 'int64', [1], [7])],
      }),
      /cut\.onnx/,
    ],
  ])('tells of a model %s in one sentence', async (_what, bytes, sentence) => {
    const failed = runtime.profile(order({ model: file('cut.onnx', bytes) }));
    await expect(failed).rejects.toMatchObject({ name: 'UserError', message: expect.stringMatching(sentence) });
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe('summarise', () => {
  const event = (cat: string, name: string, ts: number, dur: number, args: TraceEvent['args'] = {}): TraceEvent => ({
    cat,
    name,
    ts,
    dur,
    args,
  });

  it("takes a device's own times, summed over a node's programs, in place of those of the calls", () => {
    const gpu = { op_name: 'ReduceMean', provider: 'WebGpuExecutionProvider', node_index: '3' };
    const events = [
      event('Session', 'model_run', 0, 1000),
      event('Node', 'mean_kernel_time', 10, 7, gpu),
      event('Node', 'host_kernel_time', 20, 5, { op_name: 'Gather', provider: 'CPUExecutionProvider' }),
      event('Api', 'mean&ReduceMean&Transpose', 100, 40),
      event('Api', 'mean&ReduceMean&ReduceMean', 150, 60),
    ];
    const { kernels, deviceTimes, walls } = summarise(events, 0);
    expect(kernels.map(({ name, microseconds }) => [name, microseconds])).toEqual([
      ['mean', 100],
      ['host', 5],
    ]);
    expect([deviceTimes, walls]).toEqual([true, [1]]);
  });

  it('leaves out warm-up runs and gives the median of the rest', () => {
    const times = [900, 10, 50, 30];
    const events = times.flatMap((dur, run) => [
      event('Session', 'model_run', run * 1000, 999),
      event('Node', 'a_kernel_time', run * 1000 + 1, dur, { op_name: 'Relu', node_index: '0' }),
    ]);
    expect(summarise(events, 1).kernels).toMatchObject([{ name: 'a', microseconds: 30, minimumMicroseconds: 10 }]);
  });
});

describe('sampleInputs', () => {
  it('makes floats of [0, 1) and zeros for the rest', () => {
    const made = sampleInputs([
      { name: 'f', dtype: 'float32', shape: [1000] },
      { name: 'h', dtype: 'float16', shape: [100] },
      { name: 'i', dtype: 'int64', shape: [2, 2] },
      { name: 's', dtype: 'string', shape: [] },
    ]);
    const floats = made['f']?.data as Float32Array;
    expect(Math.min(...floats)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...floats)).toBeLessThan(1);
    expect(new Set(floats).size).toBeGreaterThan(900);
    // Exponents of binary16: 0x3400 is 0.25, 0x3c00 is 1.
    for (const bits of (made['h']?.data ?? []) as Uint16Array) expect(bits >= 0x3400 && bits < 0x3c00).toBe(true);
    expect(made['i']?.data).toEqual(new BigInt64Array(4));
    expect(made['s']?.data).toEqual(['']);
  });

  it.each([
    [{ name: 'a', dtype: 'float32', shape: ['n', 3] }, 'UserError', /a has no fixed shape/],
    [{ name: 'a', dtype: 'float32', shape: null }, 'UserError', /a has no fixed shape/],
    [{ name: 'a', dtype: 'undefined', shape: [1] }, 'UserError', /is of type undefined/],
    [{ name: 'a', dtype: 'float32', shape: [70_000, 70_000] }, 'LimitError', /more than 67108864 elements/],
  ])('refuses %j', (input, name, message) => {
    let error: unknown = null;
    try {
      sampleInputs([input]);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ name, message: expect.stringMatching(message) });
  });
});

describe('measurePeak', () => {
  it('gives figures in the units it names: a CPU does 1 G to 10 T multiply-adds and moves 0.25 to 2,500 GB a second', async () => {
    const peak = await measurePeak(runtime, 'cpu');
    expect(peak.macsPerSecond).toBeGreaterThan(1e9);
    expect(peak.macsPerSecond).toBeLessThan(1e13);
    // Between a hundredth and a hundred times a memory channel (25 GB/s for DDR4-3200).
    expect(peak.bytesPerSecond).toBeGreaterThan(0.25e9);
    expect(peak.bytesPerSecond).toBeLessThan(2500e9);
  });
});
