import type { Model, Node, Tensor } from '../model';
import type { Profiler } from './profiler';

/** What a machine reaches at best on one provider, float32. */
export interface MachinePeak {
  /** Multiply-adds per second of the faster of two matrix products. */
  readonly macsPerSecond: number;
  /** Bytes read and written per second by an elementwise operator on a tensor that no cache holds. */
  readonly bytesPerSecond: number;
}

/** Sides of the matrices; the larger one is tried only where the smaller took less than `QUICK`. */
const SIDES = [512, 1024, 2048] as const;
const QUICK_MICROSECONDS = 3000;
/** 64 MB of float32: more than the last cache of most processors. */
const COPIED_ELEMENTS = 2 ** 24;
/** Milliseconds for the runs of one model, so that all of it stays below about a second. */
const BUDGET = 150;
const RUNS = 20;

/**
 * The two limits of the roofline model (Williams, Waterman, Patterson 2009),
 * each the best of a few short runs.
 */
export async function measurePeak(profiler: Profiler, provider: string, signal?: AbortSignal): Promise<MachinePeak> {
  let macsPerSecond = 0;
  for (const side of SIDES) {
    const best = await bestMicroseconds(profiler, { provider, signal, model: productModel(side), op: 'MatMul' });
    macsPerSecond = Math.max(macsPerSecond, (side ** 3 / best) * 1e6);
    if (best > QUICK_MICROSECONDS) break;
  }
  const best = await bestMicroseconds(profiler, { provider, signal, model: copyModel(COPIED_ELEMENTS), op: 'Neg' });
  const bytes = 2 * Float32Array.BYTES_PER_ELEMENT * COPIED_ELEMENTS;
  return { macsPerSecond, bytesPerSecond: (bytes / best) * 1e6 };
}

/** The roofline: what can be reached at `intensity` multiply-adds per byte. */
export function roofline({ macsPerSecond, bytesPerSecond }: MachinePeak, intensity: number): number {
  return Math.min(macsPerSecond, intensity * bytesPerSecond);
}

interface Trial {
  readonly provider: string;
  readonly signal: AbortSignal | undefined;
  readonly model: Model;
  readonly op: string;
}

async function bestMicroseconds(profiler: Profiler, { provider, signal, model, op }: Trial): Promise<number> {
  const name = 'the measure of this machine';
  const { writeOnnx } = await import('../formats/onnx/write');
  const { kernels } = await profiler.profile({
    model: { kind: 'bytes', name, bytes: writeOnnx(model), externalBytes: 0 },
    provider,
    feeds: { x: { dtype: 'float32', shape: [1], data: Float32Array.of(0.5) } },
    runs: RUNS,
    warmup: 1,
    budget: BUDGET,
    signal,
  });
  const kernel = kernels.find((candidate) => candidate.op === op);
  if (!kernel) throw new Error(`no ${op} was run`);
  // A time of 0 is below the clock's microsecond.
  return Math.max(1, kernel.minimumMicroseconds);
}

/** `[n, n] x [n, n]`, the second a weight as in a network; reduced to one number, so that nothing large is handed back. */
function productModel(side: number): Model {
  const weights = new Float32Array(side * side).fill(1 / side);
  return chain([side, side], [node('MatMul', ['a', 'w'], 'y')], [tensor('w', 'float32', [side, side], weights)]);
}

function copyModel(elements: number): Model {
  return chain([elements], [node('Abs', ['a'], 'b'), node('Neg', ['b'], 'y')], []);
}

/** x [1] -> a of `shape` -> `nodes` -> y -> z, a single number. */
function chain(shape: readonly number[], nodes: readonly Node[], weights: readonly Tensor[]): Model {
  const extents = tensor('shape', 'int64', [shape.length], BigInt64Array.from(shape, BigInt));
  const all = [node('Expand', ['x', 'shape'], 'a'), ...nodes, node('ReduceMax', ['y'], 'z')];
  return {
    format: 'onnx',
    formatVersion: '8',
    producer: '',
    producerVersion: '',
    domain: '',
    modelVersion: '',
    doc: '',
    opsets: { '': 17 },
    metadata: {},
    graph: {
      name: 'measure',
      inputs: [{ name: 'x', type: { kind: 'tensor', dtype: 'float32', shape: [1] } }],
      outputs: [{ name: 'z', type: { kind: 'tensor', dtype: 'float32', shape: null } }],
      values: [],
      initializers: [extents, ...weights],
      sparseInitializers: [],
      nodes: all.map((each, index) => ({ ...each, id: `n${index}` })),
      quantization: [],
    },
    functions: [],
    externalFiles: [],
    findings: [],
  };
}

function node(op: string, inputs: readonly string[], output: string): Node {
  return { id: '', name: op, op, domain: '', inputs, outputs: [output], attributes: {} };
}

function tensor(name: string, dtype: Tensor['dtype'], shape: readonly number[], data: Float32Array | BigInt64Array): Tensor {
  return { name, dtype, shape, storage: { kind: 'inline', data: new Uint8Array(data.buffer) } };
}
