import { readFileSync } from 'node:fs';
import { type Analysis, analyse } from '../../../../src/analysis/assemble';
import type { Block } from '../../../../src/analysis/profile';
import { BufferSource } from '../../../../src/bytes';
import { openModel } from '../../../../src/formats/registry';

/** Reads and analyses an ONNX file. */
export async function analyseFile(path: string): Promise<Analysis> {
  const bytes = new Uint8Array(readFileSync(path));
  const model = await openModel(new BufferSource(bytes), { name: 'model.onnx' });
  return analyse(model, { name: 'model.onnx', bytes: bytes.byteLength });
}

/** Every block of some kind, children included, in topological order. */
export function blocksOf(blocks: readonly Block[], kind: string): readonly Block[] {
  return blocks.flatMap((block) => [...(block.kind === kind ? [block] : []), ...blocksOf(block.children, kind)]);
}

/** How often a value occurs, in the order of first occurrence: `[['a', 2], ['b', 1]]`. */
export function runs<T>(values: readonly T[]): readonly (readonly [T, number])[] {
  const found: [T, number][] = [];
  for (const value of values) {
    const last = found[found.length - 1];
    if (last && last[0] === value) last[1]++;
    else found.push([value, 1]);
  }
  return found;
}
