import * as ort from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { type Analysis, analyse } from '../../../src/analysis/assemble';
import type { Block, ValueProfile } from '../../../src/analysis/profile';
import type { Family, InputShape, Variant } from '../../../src/architectures/family';
import { type BuiltModel, boundWeights, seededWeights } from '../../../src/architectures/graph';
import { writeOnnx } from '../../../src/formats/onnx/write';

/** The analysis of a built model as the product makes it, batch 1. */
export function analysed(built: BuiltModel): Analysis {
  return analyse(built.model, { name: built.model.graph.name, bytes: 0 }, {});
}

/** Builds every published variant and holds its counted figures against the record. */
export function itReproducesTheRecords(family: Family): void {
  it.each(family.variants.map((variant) => [variant.name, variant] as const))('%s', (_name, variant) => {
    const { totals, notCounted, model } = analysed(family.build(variant.knobs)).profile;
    expect(notCounted).toEqual([]);
    expectRecord(variant, totals);
    if (variant.published) expectShapes(model.inputs, variant.published.inputShape);
  });
}

/** Of every input by name, or of the first. */
function expectShapes(inputs: readonly ValueProfile[], shape: InputShape): void {
  const shapes = inputs.map((input) => [input.name, input.shape] as const);
  if (Array.isArray(shape)) expect(shapes[0]?.[1]).toEqual(shape);
  else expect(Object.fromEntries(shapes)).toEqual(shape);
}

function expectRecord({ published }: Variant, totals: { readonly parameters: unknown; readonly macs: unknown }): void {
  if (!published) return;
  const { parameters, macs, tolerance } = published;
  if (parameters !== null) expectWithin(totals.parameters, parameters, tolerance.parameters ?? 0);
  if (macs !== null) expectWithin(totals.macs, macs, tolerance.macs ?? 0);
}

function expectWithin(counted: unknown, published: number, tolerance: number): void {
  if (tolerance === 0) expect(counted).toBe(published);
  else expect(Math.abs(Number(counted) - published) / published).toBeLessThanOrEqual(tolerance);
}

/** Blocks of a kind at any depth; repeated ones are listed each. */
export function countBlocks(blocks: readonly Block[], kind: string): number {
  return blocks.reduce((sum, block) => sum + (block.kind === kind ? 1 : 0) + countBlocks(block.children, kind), 0);
}

export interface RunOptions {
  readonly seed?: number;
  /** Weights in place of seeded ones, by initializer name. */
  readonly weights?: Readonly<Record<string, ArrayLike<number>>>;
  /** Names of inner values to return too. */
  readonly also?: readonly string[];
}

/** Runs a built model with seeded weights in ONNX Runtime. */
export async function run(
  built: BuiltModel,
  inputs: Readonly<Record<string, { readonly data: Float32Array; readonly shape: readonly number[] }>>,
  options: RunOptions = {},
): Promise<Readonly<Record<string, { readonly data: Float32Array; readonly shape: readonly number[] }>>> {
  const weights = boundWeights(built, options.weights ?? {}, seededWeights(built, options.seed ?? 1));
  const outputs = [...built.model.graph.outputs, ...(options.also ?? []).map((name) => ({ name, type: { kind: 'unknown' as const } }))];
  const bytes = writeOnnx({ ...built.model, graph: { ...built.model.graph, outputs } }, weights);
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 3, intraOpNumThreads: 1 });
  const feeds = Object.entries(inputs).map(([name, { data, shape }]) => [name, new ort.Tensor('float32', data, shape)]);
  const results = await session.run(Object.fromEntries(feeds));
  await session.release();
  return Object.fromEntries(Object.entries(results).map(([name, { data, dims }]) => [name, { data: data as Float32Array, shape: dims }]));
}

/** A picture or sequence that is nowhere constant. */
export function wave(...shape: readonly number[]): { readonly data: Float32Array; readonly shape: readonly number[] } {
  const elements = shape.reduce((product, extent) => product * extent, 1);
  return { data: Float32Array.from({ length: elements }, (_, at) => Math.sin(at * 0.7) + Math.cos(at * at * 0.013)), shape };
}
