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
    it(`${accepted ? 'reads is read' : 'refuses is refused in one sentence, or opened with what is wrong'}: ${name}`, async () => {
      const outcome = await open(new BufferSource(bytesOf(file))).catch((error: unknown) => error);
      if (accepted) return expect(outcome).toMatchObject({ format: 'safetensors', findings: [] });
      if (outcome instanceof FormatError || outcome instanceof LimitError) {
        return expect(outcome.message).toMatch(/^[^.]*weights\.safetensors .*\.$|^The header is .*\.$/);
      }
      expect(outcome).toMatchObject({ findings: [{ severity: 'error', message: expect.stringMatching(/\.$/) }] });
    });
  }
});

/** A header as it is written, and so many bytes of data. */
function file(header: string, data: number): BufferSource {
  const text = new TextEncoder().encode(header);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true);
  return new BufferSource(
    concat(
      length,
      text,
      Uint8Array.from({ length: data }, (_, index) => index),
    ),
  );
}
const entry = (name: string, begin: number, end: number, dtype = 'U8') =>
  `"${name}":{"dtype":"${dtype}","shape":[${end - begin}],"data_offsets":[${begin},${end}]}`;

describe('what can be shown of a damaged file is shown', () => {
  it.each([
    ['cut short', `{${entry('good', 0, 2)},${entry('bad', 2, 9)}}`, 5, ['tensor-place'], ['good', 'bad']],
    ['with a hole', `{${entry('good', 0, 2)},${entry('bad', 4, 6)}}`, 6, ['places'], ['good', 'bad']],
    ['with an overlap', `{${entry('good', 0, 2)},${entry('bad', 1, 4)}}`, 4, ['places'], ['good', 'bad']],
    ['with a tensor twice', `{${entry('good', 0, 1)},${entry('good', 0, 2)}}`, 2, ['duplicate-tensor'], ['good']],
    ['with a type that is not known', `{${entry('good', 0, 2)},${entry('bad', 2, 3, 'F9')}}`, 3, ['tensor', 'places'], ['good']],
    ['with metadata that are numbers', `{"__metadata__":{"a":1},${entry('good', 0, 2)}}`, 2, ['metadata'], ['good']],
  ])('%s', async (_, header, data, expectedCodes, names) => {
    const source = file(header, data);
    const { tensors, findings } = await open(source);
    expect(findings.map(({ code }) => code)).toEqual(expectedCodes);
    for (const { message } of findings) expect(message).toMatch(/^[A-Z].*\.$/);
    expect(tensors.map((tensor) => tensor.name)).toEqual(names);
    const [good] = tensors;
    if (good) expect(Array.from((await readTensor(good, { model: source })).values, Number)).toEqual([0, 1]);
  });

  it('a name with quotation marks and colons is one name', async () => {
    const name = 'a": {\\"b\\": [';
    const { tensors, findings } = await open(file(`{${JSON.stringify(name)}:{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}`, 2));
    expect([tensors.map((tensor) => tensor.name), findings]).toEqual([[name], []]);
  });
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
