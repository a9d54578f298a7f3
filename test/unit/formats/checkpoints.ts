import { readFileSync } from 'node:fs';
import { BufferSource, type ByteSource, type SiblingOpener } from '../../../src/bytes';
import { openArtifact } from '../../../src/formats/registry';
import { readTensor } from '../../../src/formats/tensorValues';
import { type Checkpoint, hasGraph, type Tensor } from '../../../src/model';

/** A file that a framework wrote (test/fixtures/make/weights; versions and digests are in its manifest). */
export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(`test/fixtures/weights/${name}`));
}

/** What a file is expected to hold, as its script wrote it down. */
export function expected<T>(name: string): T {
  return JSON.parse(readFileSync(`test/fixtures/weights/${name}`, 'utf8'));
}

/** Opens what must be a checkpoint. */
export async function openCheckpoint(source: ByteSource | Uint8Array, name: string, openSibling?: SiblingOpener): Promise<Checkpoint> {
  const bytes = source instanceof Uint8Array ? new BufferSource(source) : source;
  const artifact = await openArtifact(bytes, { name, ...(openSibling && { openSibling }) });
  if (hasGraph(artifact)) throw new Error('expected a checkpoint');
  return artifact;
}

/** A checkpoint's tensor by its name. */
export function tensorOf(checkpoint: Checkpoint, name: string): Tensor {
  const found = checkpoint.tensors.find((tensor) => tensor.name === name);
  if (!found) throw new Error(`no tensor ${name} among ${checkpoint.tensors.map((tensor) => tensor.name).join(', ')}`);
  return found;
}

/** All elements of a tensor as numbers. */
export async function numbersOf(tensor: Tensor, model: ByteSource | Uint8Array, sibling?: SiblingOpener): Promise<readonly number[]> {
  const source = model instanceof Uint8Array ? new BufferSource(model) : model;
  return Array.from((await readTensor(tensor, { model: source, ...(sibling && { sibling }) })).values, Number);
}
