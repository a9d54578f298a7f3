/**
 * From an opened model to its profile: time and memory per step in a fresh process, against
 * `onnx.shape_inference` (C++) of Debian's python3-onnx on the same files, by time and by the share
 * of node outputs whose shape becomes static.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseBindings } from '../src/analysis/bindings';
import { findBlocks } from '../src/analysis/blocks';
import { countCosts } from '../src/analysis/cost';
import { peakMemory } from '../src/analysis/memory';
import { inferShapes, type ShapeResult } from '../src/analysis/shapes';
import { openFileSource } from '../src/engine/fileSource';
import { openModel } from '../src/formats/registry';
import { isStatic } from '../src/model';
import { encoder } from '../test/fixtures/encoder';
import { torchvisionExports } from '../test/fixtures/exports';

const PYTHON = '/usr/bin/python3';
const MB = 2 ** 20;

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
  if (exports.available)
    for (const name of ['swin_t', 'maxvit_t', 'vit_b_16'] as const) compare(`${name}, nothing folded`, exports.path(name, true));
  const folder = mkdtempSync(join(tmpdir(), 'loupe-bench-'));
  try {
    const large = join(folder, 'large.onnx');
    writeFileSync(large, encoder(1000));
    compare('1,000 encoder blocks with shape arithmetic', large);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function compare(what: string, path: string): void {
  console.log(what);
  const script = process.argv[1];
  if (script === undefined) throw new Error('no script to start again');
  spawnSync(process.execPath, ['--expose-gc', script, path], { stdio: 'inherit' });
  if (!existsSync(PYTHON)) return;
  const peer = spawnSync(PYTHON, ['-c', PEER, path], { encoding: 'utf8' });
  const [time, share] = peer.stdout.trim().split(' ');
  console.log(
    peer.status === 0 ? `  onnx.shape_inference: ${time} ms, ${share}% static` : '  onnx.shape_inference: not here, or it failed',
  );
}

/** Times each step once, cold, as the first model that a person opens. */
async function measure(path: string): Promise<void> {
  const source = await openFileSource(path);
  const opened = await openModel(source, { name: path });
  await source.close();
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  const cpu = process.cpuUsage();
  const times: string[] = [];
  let total = 0;
  const timed = <T>(name: string, step: () => T): T => {
    const start = performance.now();
    const result = step();
    const took = performance.now() - start;
    total += took;
    times.push(`${name} ${took.toFixed(0)}`);
    return result;
  };
  const bindings = timed('bindings', () => chooseBindings(opened));
  const shapes = timed('shapes', () => inferShapes(opened, { bindings: bindings.numbers }));
  const costs = timed('costs', () => countCosts(shapes));
  timed('memory', () => peakMemory(shapes));
  timed('blocks', () => findBlocks(opened, shapes, costs));
  const { user, system } = process.cpuUsage(cpu);
  const grown = (process.memoryUsage().rss - before) / MB;
  console.log(
    `  ${opened.graph.nodes.length} nodes: ${total.toFixed(0)} ms (${times.join(', ')}), ${((user + system) / 1000).toFixed(0)} ms of CPU`,
  );
  console.log(
    `  ${grown.toFixed(0)} MB more resident, ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB at most in all, ${staticShare(shapes)}% static`,
  );
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
