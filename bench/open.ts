/**
 * Opening a model: time, bytes read and resident memory, against reading the whole of it. Each measurement has a fresh
 * process, so that nothing is warm and memory is its own.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { type FileHandle, open, writeFile } from 'node:fs/promises';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { openFileSource } from '../src/engine/fileSource';
import { ModelProtoSchema, TensorProtoSchema } from '../src/formats/onnx/schema/onnx-ml_pb';
import { writeVarint } from '../src/formats/protobuf/wire';
import { openModel } from '../src/formats/registry';
import { modelMessage, node, rawTensor, value } from '../test/fixtures/onnx';

interface Figures {
  readonly milliseconds: number;
  /** Growth of the process's resident memory, and the most it ever had more. */
  readonly megabytes: number;
  readonly peak: number;
  readonly read: number;
}

const MB = 2 ** 20;
const PYTHON = '/usr/bin/python3';

async function main(): Promise<void> {
  const [mode, path] = process.argv.slice(2);
  if (mode !== undefined && path !== undefined) {
    report(await measure(() => (mode === 'lazy' ? lazy(path) : full(path))));
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'loupe-bench-'));
  try {
    const heavy = join(folder, 'weights.onnx');
    await writeWeights(heavy, 120, 16_600_000);
    await compare('2.0 GB in 120 tensors', heavy, 2e9);
    const busy = join(folder, 'nodes.onnx');
    await writeNodes(busy, 50_000);
    await compare('50,000 nodes without weights', busy, 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compare(what: string, path: string, size: number): Promise<void> {
  print(what);
  row('Model Loupe', inProcess('lazy', path));
  // Reading it whole holds the file and then some.
  if (freemem() < size * 2.5) {
    print('  whole-file readers: not enough free memory here');
    return;
  }
  row('@bufbuild/protobuf, whole file', inProcess('full', path));
  row('onnx.load (Python)', inPython(path));
}

/** A file of tensors that are holes: it takes no room on disks that know sparse files. */
async function writeWeights(path: string, count: number, bytesEach: number): Promise<void> {
  const headers = Array.from({ length: count }, (_, index) => {
    const fields = toBinary(TensorProtoSchema, rawTensor(`w${index}`, 'float32', [bytesEach / 4], new Uint8Array(0))).slice(0, -2);
    const header = [...fields, ...writeVarint(9 * 8 + 2), ...writeVarint(bytesEach)];
    return Uint8Array.from([...writeVarint(5 * 8 + 2), ...writeVarint(header.length + bytesEach), ...header]);
  });
  const graph = headers.reduce((sum, header) => sum + header.length + bytesEach, 0);
  const nodes = Array.from({ length: count }, (_, index) => node('Add', [`v${index}`, `w${index}`], [`v${index + 1}`]));
  const rest = toBinary(ModelProtoSchema, modelMessage({ nodes, inputs: [value('v0', 'float32', null)] }));
  const file = await open(path, 'w');
  let offset = await put(file, rest, 0);
  offset = await put(file, Uint8Array.from([...writeVarint(7 * 8 + 2), ...writeVarint(graph)]), offset);
  for (const header of headers) offset = (await put(file, header, offset)) + bytesEach;
  await file.truncate(offset);
  await file.close();
}

async function put(file: FileHandle, bytes: Uint8Array, offset: number): Promise<number> {
  await file.write(bytes, 0, bytes.length, offset);
  return offset + bytes.length;
}

async function writeNodes(path: string, count: number): Promise<void> {
  const nodes = Array.from({ length: count }, (_, index) =>
    node('Conv', [`/blocks/v${index}`], [`/blocks/v${index + 1}`], { strides: [1, 1], group: 1 }, { name: `/blocks/conv${index}` }),
  );
  const inputs = [value('/blocks/v0', 'float32', null)];
  await writeFile(path, toBinary(ModelProtoSchema, modelMessage({ nodes, inputs })));
}

async function lazy(path: string): Promise<number> {
  const source = await openFileSource(path);
  const model = await openModel(source, { name: path });
  await source.close();
  keep(model);
  return source.bytesRead;
}

async function full(path: string): Promise<number> {
  const file = await open(path);
  const { size } = await file.stat();
  const bytes = new Uint8Array(size);
  for (let done = 0; done < size; ) done += (await file.read(bytes, done, Math.min(size - done, 2 ** 30), done)).bytesRead;
  await file.close();
  keep(fromBinary(ModelProtoSchema, bytes));
  return size;
}

/** Holds results until the measurement is over. */
const kept: unknown[] = [];
function keep(result: unknown): void {
  kept.push(result);
}

async function measure(run: () => Promise<number>): Promise<Figures> {
  const before = process.memoryUsage.rss();
  const started = performance.now();
  const read = await run();
  const milliseconds = performance.now() - started;
  const peak = process.resourceUsage().maxRSS * 1024;
  return { milliseconds, megabytes: (process.memoryUsage.rss() - before) / MB, peak: (peak - before) / MB, read: read / MB };
}

function report(figures: Figures): void {
  process.stdout.write(JSON.stringify(figures));
}

function inProcess(mode: string, path: string): Figures | null {
  const run = spawnSync(process.execPath, [process.argv[1] ?? '', mode, path], { encoding: 'utf8' });
  return run.status === 0 ? JSON.parse(run.stdout) : null;
}

const PYTHON_CODE = `
import json, os, resource, sys, time, onnx
rss = lambda: int(open('/proc/self/statm').read().split()[1]) * os.sysconf('SC_PAGE_SIZE') / 2**20
before, started = rss(), time.perf_counter()
model = onnx.load(sys.argv[1])
spent = (time.perf_counter() - started) * 1000
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(dict(milliseconds=spent, megabytes=rss() - before, peak=peak - before, read=os.path.getsize(sys.argv[1]) / 2**20)))
`;

function inPython(path: string): Figures | null {
  if (!existsSync(PYTHON)) return null;
  const run = spawnSync(PYTHON, ['-c', PYTHON_CODE, path], { encoding: 'utf8' });
  return run.status === 0 ? JSON.parse(run.stdout) : null;
}

function row(who: string, figures: Figures | null): void {
  if (figures === null) {
    print(`  ${who.padEnd(32)} cannot be run here, or failed`);
    return;
  }
  const cell = (value: number, unit: string) => `${value.toFixed(value < 10 ? 1 : 0)} ${unit}`.padStart(14);
  const { milliseconds, megabytes, peak, read } = figures;
  print(`  ${who.padEnd(32)}${cell(milliseconds, 'ms')}${cell(megabytes, 'MB more')}${cell(peak, 'MB peak')}${cell(read, 'MB read')}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();
