import { readFileSync } from 'node:fs';
import { BufferSource, type SiblingOpener } from '../../../../src/bytes';
import { openArtifact } from '../../../../src/formats/registry';
import { readTensor } from '../../../../src/formats/tensorValues';
import { type Checkpoint, hasGraph, type Tensor } from '../../../../src/model';

export const FOLDER = 'test/fixtures/pytorch';

/** What PyTorch read of a tensor (test/fixtures/make/pytorch/expected.py). */
export interface ExpectedTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values?: readonly (number | boolean)[] | null;
  readonly bytes?: readonly number[];
  readonly role?: string;
  readonly trainable?: boolean;
  readonly quantization?: { readonly per: string; readonly scales?: number[]; readonly zeroPoints?: number[] };
}

export interface ExpectedFile {
  readonly weightsOnly: boolean;
  readonly reason: string;
  readonly globals: readonly string[] | null;
  readonly tensors: Readonly<Record<string, ExpectedTensor>>;
}

export const EXPECTED: Readonly<Record<string, ExpectedFile>> = JSON.parse(readFileSync(`${FOLDER}/expected.json`, 'utf8'));

/** PyTorch's names of element types, and NumPy's, as they are called here. */
export function dtypeName(name: string): string {
  const numpy: Record<string, string> = { f4: 'float32', i2: 'int16' };
  return (numpy[name] ?? name)
    .replace(/^float8_e8m0fnu$/, 'float8e8m0')
    .replace('float8_', 'float8')
    .replace('float4_e2m1fn_x2', 'float4e2m1');
}

export async function openBytes(bytes: Uint8Array, name: string, openSibling?: SiblingOpener): Promise<Checkpoint> {
  const artifact = await openArtifact(new BufferSource(bytes), { name, ...(openSibling ? { openSibling } : {}) });
  if (hasGraph(artifact)) throw new Error('expected a checkpoint');
  return artifact;
}

export function bytesOf(name: string): Uint8Array {
  return new Uint8Array(readFileSync(`${FOLDER}/${name}`));
}

export async function valuesOf(tensor: Tensor, bytes: Uint8Array, sibling?: SiblingOpener): Promise<readonly number[]> {
  const { values } = await readTensor(tensor, { model: new BufferSource(bytes), ...(sibling ? { sibling } : {}) });
  return Array.from(values, Number);
}
