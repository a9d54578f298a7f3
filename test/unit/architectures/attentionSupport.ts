import { expect } from 'vitest';
import type { Analysis } from '../../../src/analysis/assemble';
import type { Block } from '../../../src/analysis/profile';
import type { Family, Knobs } from '../../../src/architectures/family';
import type { BuiltModel } from '../../../src/architectures/graph';
import { analysed, countBlocks, type RunOptions, run } from './support';

/** Number of blocks of each kind at any depth. */
export function countKinds({ profile }: Analysis, ...kinds: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(kinds.map((kind) => [kind, countBlocks(profile.blocks, kind)]));
}

/** Every block of some kind, children included, in topological order. */
export function blocksOf(blocks: readonly Block[], kind: string): readonly Block[] {
  return blocks.flatMap((block) => [...(block.kind === kind ? [block] : []), ...blocksOf(block.children, kind)]);
}

/** Runs a built model of one input on as many images as `data` holds. */
export async function runOn(built: BuiltModel, data: ArrayLike<number>, options: RunOptions = {}): ReturnType<typeof run> {
  const [name, ...extents] = inputOf(built);
  const images = data.length / extents.reduce((product, extent) => product * extent, 1);
  return run(built, { [name]: { data: Float32Array.from(data), shape: [images, ...extents] } }, options);
}

function inputOf({ model }: BuiltModel): [string, ...number[]] {
  const [input] = model.graph.inputs;
  if (input?.type.kind !== 'tensor') throw new Error('the model takes no tensor');
  return [input.name, ...(input.type.shape ?? []).slice(1).map(Number)];
}

/** Values without a pattern that a permutation could miss. */
export function noise(length: number, phase = 0): Float32Array {
  return Float32Array.from({ length }, (_, index) => Math.sin(12.9898 * (index + 1) + phase) * 0.5 + Math.sin(78.233 * index) * 0.5);
}

/** Largest difference between two equally long lists; NaN where one holds NaN. */
export function furthest(left: ArrayLike<number> = [], right: ArrayLike<number> = []): number {
  expect(left.length).toBe(right.length);
  expect(left.length).toBeGreaterThan(0);
  return Array.from(left).reduce((most, value, at) => Math.max(most, Math.abs(value - (right[at] ?? Number.NaN))), 0);
}

/** Holds every row of every attention of a small model to a sum of one. */
export async function expectRowsSumToOne(family: Family, knobs: Knobs): Promise<void> {
  const built = family.build(knobs);
  const cores = analysed(built).blocks.attention;
  expect(cores.length).toBeGreaterThan(0);
  const elements = inputOf(built)
    .slice(1)
    .reduce<number>((product, extent) => product * Number(extent), 1);
  const outputs = await runOn(built, noise(elements), { also: cores.map(({ probabilities }) => probabilities) });
  for (const { probabilities } of cores) {
    const { data, shape } = outputs[probabilities] ?? { data: new Float32Array(), shape: [] };
    expect(furthestFromOne(data, shape.at(-1) ?? 0)).toBeLessThan(1e-5);
  }
}

/** How far the sum of any row of `keys` probabilities is from one. */
export function furthestFromOne(probabilities: Float32Array, keys: number): number {
  const sums = Array.from({ length: probabilities.length / keys }, (_, row) =>
    probabilities.slice(row * keys, (row + 1) * keys).reduce((sum, value) => sum + value, 0),
  );
  return furthest(sums, new Array<number>(sums.length).fill(1));
}
