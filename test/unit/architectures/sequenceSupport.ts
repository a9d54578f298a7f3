import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as ort from 'onnxruntime-node';
import { type BuiltModel, boundWeights, seededWeights } from '../../../src/architectures/graph';
import { writeOnnx } from '../../../src/formats/onnx/write';
import type { RunOptions } from './support';

export interface Feed {
  readonly dims: readonly number[];
  readonly data: ArrayLike<number>;
}

/** Runs a built model on several inputs, tokens as int64; weights are seeded unless bound by name. Gives the values named in `also` too. */
export async function runFeeds(
  built: BuiltModel,
  feeds: Readonly<Record<string, Feed>>,
  { weights = {}, also = [] }: RunOptions = {},
): Promise<Readonly<Record<string, Float32Array>>> {
  const outputs = [...built.model.graph.outputs, ...also.map((name) => ({ name, type: { kind: 'unknown' as const } }))];
  const model = { ...built.model, graph: { ...built.model.graph, outputs } };
  const session = await ort.InferenceSession.create(writeOnnx(model, boundWeights(built, weights, seededWeights(built, 1))));
  const inputs = built.model.graph.inputs.map(({ name, type }) => {
    const feed = feeds[name];
    if (!feed || type.kind !== 'tensor') throw new Error(`nothing is given for ${name}`);
    const { dims } = feed;
    if (type.dtype === 'int64') return [name, new ort.Tensor('int64', BigInt64Array.from(Array.from(feed.data, BigInt)), dims)] as const;
    if (type.dtype === 'bool') return [name, new ort.Tensor('bool', Uint8Array.from(feed.data), dims)] as const;
    return [name, new ort.Tensor('float32', Float32Array.from(feed.data), dims)] as const;
  });
  const results = await session.run(Object.fromEntries(inputs));
  await session.release();
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]));
}

const PYTHON = '/usr/bin/python3';
/** Whether Debian's PyTorch is there to compare with. */
export const HAS_TORCH = existsSync(PYTHON) && spawnSync(PYTHON, ['-c', 'import torch']).status === 0;

/** What a script prints as JSON, `torch` imported and seeded, `show(t)` a tensor as a flat list. */
export function torch<Result>(script: string): Result {
  const prelude = 'import json, torch\ntorch.manual_seed(0)\nshow = lambda t: t.detach().flatten().tolist()\n';
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', prelude + script], { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Result;
}

/** Row-major `[rows, columns]` turned to `[columns, rows]`: PyTorch's linear weights to those of MatMul. */
export function transposed(values: readonly number[], rows: number, columns: number): number[] {
  return Array.from({ length: rows * columns }, (_, at) => values[(at % rows) * columns + Math.floor(at / rows)] ?? Number.NaN);
}
