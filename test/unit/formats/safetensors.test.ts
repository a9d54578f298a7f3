import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BufferSource, type ByteSource, FormatError, LimitError } from '../../../src/bytes';
import { openArtifact } from '../../../src/formats/registry';
import { readTensor } from '../../../src/formats/tensorValues';
import { type Checkpoint, hasGraph } from '../../../src/model';
import { CountingSource, concat, SparseSource } from './support';

/** What the safetensors library wrote, holds and refuses (test/golden/safetensors.py). */
const golden: {
  readonly file: string;
  readonly tensors: Readonly<Record<string, { readonly dtype: string; readonly shape: number[]; readonly values: number[] }>>;
  readonly verdicts: Readonly<Record<string, { readonly file: string; readonly accepted: boolean }>>;
} = JSON.parse(readFileSync('test/golden/safetensors.json', 'utf8'));
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));

async function open(source: ByteSource): Promise<Checkpoint> {
  const artifact = await openArtifact(source, { name: 'weights.safetensors' });
  if (hasGraph(artifact)) throw new Error('expected a checkpoint');
  return artifact;
}

describe('a checkpoint that the safetensors library wrote', () => {
  const source = new BufferSource(bytesOf(golden.file));

  it('lists every tensor with its type and shape, and the metadata', async () => {
    const { tensors, metadata, findings } = await open(source);
    const found = tensors.map(({ name, dtype, shape }) => [name, dtype, shape]).sort();
    expect(found).toEqual(
      Object.entries(golden.tensors)
        .map(([name, { dtype, shape }]) => [name, dtype, shape])
        .sort(),
    );
    expect(Object.entries(metadata).sort()).toEqual([
      ['constructor', 'a model'],
      ['format', 'np'],
    ]);
    expect(findings).toEqual([]);
  });

  it('holds the values that were written', async () => {
    const { tensors } = await open(source);
    for (const tensor of tensors) {
      const { values } = await readTensor(tensor, { model: source });
      expect(Array.from(values, Number), tensor.name).toEqual(golden.tensors[tensor.name]?.values);
    }
  });

  it('survives a structured clone as it is', async () => {
    const checkpoint = await open(source);
    expect(structuredClone(checkpoint)).toEqual(checkpoint);
  });
});

describe('a file that the library', () => {
  for (const [name, { file, accepted }] of Object.entries(golden.verdicts)) {
    it(`${accepted ? 'reads is read' : 'refuses is refused in one sentence'}: ${name}`, async () => {
      const outcome = await open(new BufferSource(bytesOf(file))).catch((error: unknown) => error);
      if (accepted) expect(outcome).toMatchObject({ format: 'safetensors' });
      else {
        if (!(outcome instanceof FormatError || outcome instanceof LimitError)) throw outcome;
        expect(outcome.message).toMatch(/^[^.]*weights\.safetensors .*\.$|^The header is .*\.$/);
      }
    });
  }
});

it('reads the header alone of a checkpoint of 6 GB', async () => {
  const size = 6e9;
  const header = new TextEncoder().encode(JSON.stringify({ w: { dtype: 'F32', shape: [size / 4], data_offsets: [0, size] } }));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(header.length), true);
  const start = concat(length, header);
  const source = new CountingSource(new SparseSource(start.length + size, [{ offset: 0, bytes: start }]));
  const { tensors } = await open(source);
  expect(tensors[0]?.storage).toEqual({ kind: 'bytes', file: '', offset: start.length, length: size });
  expect(source.bytesRead).toBeLessThan(3000);
});
