/**
 * From an opened model to its profile: time and memory per step in a fresh process, against
 * `onnx.shape_inference` (C++) of Debian's python3-onnx on the same files, by time and by the share
 * of node outputs whose shape becomes static; and against Netron's reading and layout in its own headless harness, where
 * NETRON names a checkout of its repository.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { analyse } from '../src/analysis/assemble';
import { chooseBindings } from '../src/analysis/bindings';
import { findBlocks } from '../src/analysis/blocks';
import { countCosts } from '../src/analysis/cost';
import { foldModel } from '../src/analysis/fold';
import { peakMemory } from '../src/analysis/memory';
import { inferShapes, type ShapeResult } from '../src/analysis/shapes';
import { openFileSource } from '../src/engine/fileSource';
import { openModel } from '../src/formats/registry';
import { beMorePatient } from '../src/launch/compiler';
import { isStatic, type Model } from '../src/model';
import { encoder } from '../test/fixtures/encoder';
import { torchvisionExports } from '../test/fixtures/exports';
import { stack } from './models/stack';

const PYTHON = '/usr/bin/python3';
const MB = 2 ** 20;
/** Fresh processes that measure one file. */
const RUNS = 3;
/** Seconds that Netron gets for one file. */
const NETRON_SECONDS = 60;

const PEER = `
import sys, time, onnx
model = onnx.load(sys.argv[1], load_external_data=False)
start = time.perf_counter()
inferred = onnx.shape_inference.infer_shapes(model, data_prop=True)
seconds = time.perf_counter() - start
known = {v.name for v in list(inferred.graph.value_info) + list(inferred.graph.output)
         if v.type.tensor_type.HasField("shape") and all(d.HasField("dim_value") for d in v.type.tensor_type.shape.dim)}
names = [o for n in model.graph.node for o in n.output if o]
print(f"{seconds * 1000:.0f} {100 * sum(o in known for o in names) / len(names):.1f}")
`;

async function main(): Promise<void> {
  const [path] = process.argv.slice(2);
  if (path !== undefined) {
    await measure(path);
    return;
  }
  const exports = await torchvisionExports(['swin_t', 'maxvit_t', 'vit_b_16']);
  const folder = mkdtempSync(join(tmpdir(), 'loupe-bench-'));
  try {
    if (exports.available)
      for (const name of ['swin_t', 'maxvit_t', 'vit_b_16'] as const) compare(`${name}, nothing folded`, exports.path(name, true));
    for (const [name, what, bytes] of [
      ['stack', '92 transformer blocks that share a mask and shapes', () => stack(92)],
      ['encoder', '1,000 encoder blocks with shape arithmetic', () => encoder(1000)],
    ] as const) {
      const file = join(folder, `${name}.onnx`);
      writeFileSync(file, bytes());
      compare(what, file);
    }
    inspect('samples/conv.onnx');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function compare(what: string, path: string): void {
  console.log(what);
  const script = process.argv[1];
  if (script === undefined) throw new Error('no script to start again');
  for (let run = 0; run < RUNS; run++) spawnSync(process.execPath, ['--expose-gc', script, path], { stdio: 'inherit' });
  shapeInference(path);
  netron(path);
}

function netron(path: string): void {
  const checkout = process.env['NETRON'];
  if (checkout === undefined) {
    console.log('  Netron: not here; NETRON names a checkout of github.com/lutzroeder/netron');
    return;
  }
  const limits = { timeout: NETRON_SECONDS * 1000, killSignal: 'SIGKILL' } as const;
  const peer = spawnSync(process.execPath, ['bench/netron.mjs', checkout, path], { encoding: 'utf8', ...limits });
  const [read, drawn] = peer.stdout.trim().split(' ');
  const late = peer.signal === 'SIGKILL' ? `not done after ${NETRON_SECONDS} s` : `failed: ${peer.stderr.trim().split('\n').at(-1)}`;
  console.log(`  Netron: ${peer.status === 0 ? `read ${read}, layout ${drawn} ms of CPU` : late}`);
}

function shapeInference(path: string): void {
  if (!existsSync(PYTHON)) return;
  const peer = spawnSync(PYTHON, ['-c', PEER, path], { encoding: 'utf8' });
  const [time, share] = peer.stdout.trim().split(' ');
  console.log(
    peer.status === 0 ? `  onnx.shape_inference: ${time} ms, ${share}% static` : '  onnx.shape_inference: not here, or it failed',
  );
}

/** The command line from its start to its end, from the second time on; built by `npm run build`. */
function inspect(path: string): void {
  if (!existsSync('dist/cli.cjs')) {
    console.log('inspect: npm run build makes what would be measured');
    return;
  }
  const command = ['-r', './bench/cpuAtExit.cjs', 'dist/cli.cjs', 'inspect', path];
  spawnSync(process.execPath, command);
  const runs = Array.from({ length: 9 }, () => {
    const start = performance.now();
    const { stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
    return { clock: performance.now() - start, cpu: Number(stderr.trim().split('\n').at(-1)) };
  });
  const median = (times: readonly number[]) => [...times].sort((a, b) => a - b)[times.length >> 1]?.toFixed(0);
  const [cpu, clock] = [median(runs.map((run) => run.cpu)), median(runs.map((run) => run.clock))];
  console.log(`inspect ${path}, whole process, the median of ${runs.length}: ${cpu} ms of CPU, ${clock} ms by the clock`);
}

/** Times each step once, in ms of CPU, cold, as the first model that a person opens; then all of it again at another size. */
async function measure(path: string): Promise<void> {
  // As the engine and the command line are.
  beMorePatient();
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  const times: string[] = [];
  let total = 0;
  const timed = async <T>(name: string, step: () => T | Promise<T>): Promise<T> => {
    const start = process.cpuUsage();
    const result = await step();
    const { user, system } = process.cpuUsage(start);
    total += (user + system) / 1000;
    times.push(`${name} ${((user + system) / 1000).toFixed(0)}`);
    return result;
  };
  const model = await timed('read', () => read(path));
  const bindings = await timed('bindings', () => chooseBindings(model));
  const shapes = await timed('shapes', () => inferShapes(model, { bindings: bindings.numbers }));
  const costs = await timed('costs', () => countCosts(shapes));
  await timed('memory', () => peakMemory(shapes));
  const blocks = await timed('blocks', () => findBlocks(model, shapes, costs));
  await timed('fold and first level', () => foldModel({ model, shapes, costs, blocks }).level(''));
  const grown = (process.memoryUsage().rss - before) / MB;
  console.log(`  ${model.graph.nodes.length} nodes: ${total.toFixed(0)} ms of CPU (${times.join(', ')})`);
  console.log(
    `  ${grown.toFixed(0)} MB more resident, ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB at most in all, ${staticShare(shapes)}% static`,
  );
  const [dim] = Object.keys(bindings.numbers);
  if (dim === undefined) return;
  const start = process.cpuUsage();
  analyse(model, { name: path, bytes: 0 }, { bindings: { [dim]: 2 } });
  const { user, system } = process.cpuUsage(start);
  console.log(`  counted again at ${dim} = 2: ${((user + system) / 1000).toFixed(0)} ms of CPU`);
}

async function read(path: string): Promise<Model> {
  const source = await openFileSource(path);
  try {
    return await openModel(source, { name: path });
  } finally {
    await source.close();
  }
}

function staticShare(shapes: ShapeResult): string {
  let known = 0;
  let all = 0;
  for (const one of shapes.main.nodes) {
    for (const name of one.outputs) {
      if (name === '') continue;
      const fact = shapes.fact(name);
      all++;
      if (fact.kind === 'tensor' && fact.shape && isStatic(fact.shape)) known++;
    }
  }
  return ((100 * known) / all).toFixed(1);
}

await main();
