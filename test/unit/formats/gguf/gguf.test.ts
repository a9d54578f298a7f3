import { describe, expect, it } from 'vitest';
import { BufferSource, FormatError, LimitError } from '../../../../src/bytes';
import { tensorBlock } from '../../../../src/formats/tensorValues';
import { expected, fixture, numbersOf, openCheckpoint, tensorOf } from '../checkpoints';
import { CountingSource, codes, concat } from '../support';

interface Held {
  readonly shape: readonly number[];
  readonly values?: readonly number[];
  readonly float32?: string;
}

const bytes = fixture('blocks.gguf');
const held = new Map(Object.entries(expected<Record<string, Held>>('blocks.expected.json')));
const valuesOf = ({ values, float32 }: Held) =>
  values ?? Array.from(new Float32Array(new Uint8Array(Buffer.from(float32 ?? '', 'base64')).buffer));

describe('a file that the gguf package wrote', () => {
  it('gives its metadata, long arrays by their first entries', async () => {
    const { metadata, formatVersion, findings } = await openCheckpoint(bytes, 'blocks.gguf');
    expect([formatVersion, findings]).toEqual(['3', []]);
    expect(metadata).toMatchObject({
      'general.architecture': 'test',
      'general.name': 'every block type, Größe 1',
      'test.block_count': '12',
      'test.epsilon': '0.00001',
      'test.flag': 'true',
      'test.large': '9223372036854775808',
      'test.double': '0.1',
      'test.numbers': '[1, 2, 3]',
      'tokenizer.ggml.tokens': '40 texts: "token0", "token1", "token2", "token3", "token4", "token5", "token6", "token7", ...',
    });
  });

  it.each([...held])('holds what the package reads: %s', async (name, values) => {
    const checkpoint = await openCheckpoint(bytes, 'blocks.gguf');
    const tensor = tensorOf(checkpoint, name);
    expect(tensor.shape).toEqual(values.shape);
    const ours = await numbersOf(tensor, bytes);
    const theirs = valuesOf(values);
    expect(ours.length).toBe(theirs.length);
    // Minus zero is zero here.
    for (const [index, value] of theirs.entries())
      if ((ours[index] ?? Number.NaN) !== value) expect([index, ours[index]]).toEqual([index, value]);
  });
});

/** Writes a GGUF file, of any version and byte order, with anything in it. */
class Builder {
  private readonly parts: Uint8Array[] = [];

  constructor(
    private readonly version: number,
    private readonly little = true,
  ) {
    this.raw(new TextEncoder().encode('GGUF')).u32(version);
  }

  raw(bytes: Uint8Array): this {
    this.parts.push(bytes);
    return this;
  }

  u32(value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, value, this.little);
    return this.raw(bytes);
  }

  u64(value: number | bigint): this {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(value), this.little);
    return this.raw(bytes);
  }

  count(value: number | bigint): this {
    return this.version === 1 ? this.u32(Number(value)) : this.u64(value);
  }

  text(value: string): this {
    const bytes = new TextEncoder().encode(value);
    return this.count(bytes.length).raw(bytes);
  }

  tensor(name: string, dims: readonly (number | bigint)[], type: number, offset: number | bigint): this {
    this.text(name).u32(dims.length);
    for (const dim of dims) this.count(dim);
    return this.u32(type).u64(offset);
  }

  /** Padded to 32 bytes, and the data behind it. */
  done(data: Uint8Array = new Uint8Array(0)): Uint8Array {
    const length = this.parts.reduce((sum, part) => sum + part.length, 0);
    return concat(...this.parts, new Uint8Array((32 - (length % 32)) % 32), data);
  }
}

const floats = (values: readonly number[], little = true) => {
  const bytes = new Uint8Array(4 * values.length);
  for (const [index, value] of values.entries()) new DataView(bytes.buffer).setFloat32(4 * index, value, little);
  return bytes;
};

describe('versions and byte orders', () => {
  it.each([
    [1, true],
    [2, true],
    [3, true],
    [3, false],
  ])('version %d, little-endian %s', async (version, little) => {
    const file = new Builder(version, little).count(1).count(1).text('general.name').u32(8).text('ä model').tensor('w', [3, 2], 0, 0);
    const data = floats([1, 2, 3, 4, 5, 6.5], little);
    const content = file.done(data);
    const { formatVersion, metadata, tensors, findings } = await openCheckpoint(content, 'w.gguf');
    expect([formatVersion, metadata, findings]).toEqual([String(version), { 'general.name': 'ä model' }, []]);
    expect(tensors[0]?.shape).toEqual([2, 3]);
    expect(await numbersOf(tensors[0] as never, content)).toEqual([1, 2, 3, 4, 5, 6.5]);
  });

  it('blocks of a big-endian file say that they are not decoded', async () => {
    const content = new Builder(3, false).count(1).count(0).tensor('w', [32], 2, 0).done(new Uint8Array(18));
    const { findings, tensors } = await openCheckpoint(content, 'w.gguf');
    expect(codes(findings)).toEqual(['tensor-place']);
    expect(tensors[0]?.storage.kind).toBe('missing');
  });

  it('another alignment is kept', async () => {
    const file = new Builder(3).count(1).count(1).text('general.alignment').u32(4).u32(256).tensor('w', [1], 0, 0);
    const content = file.done();
    const whole = concat(content, new Uint8Array(256 - content.length), floats([7]));
    const { tensors } = await openCheckpoint(whole, 'w.gguf');
    expect(await numbersOf(tensors[0] as never, whole)).toEqual([7]);
  });
});

describe('a file that lies', () => {
  const header = () => new Builder(3);
  it.each([
    ['ends in its version', header().done().subarray(0, 6)],
    ['is of version 4', new Builder(4).count(0).count(0).done()],
    ['is of version 0', new Builder(0).count(0).count(0).done()],
    [
      'has 2^60 tensors',
      header()
        .u64(2n ** 60n)
        .u64(0)
        .done(),
    ],
    ['has 100,000 tensors in no bytes', header().u64(100_000).u64(0).done()],
    [
      'has 2^62 entries of metadata',
      header()
        .u64(0)
        .u64(2n ** 62n)
        .done(),
    ],
    [
      'has a name of 2^63 bytes',
      header()
        .u64(0)
        .u64(1)
        .u64(2n ** 63n)
        .done(),
    ],
    [
      'has a text of 2^64 - 1 bytes',
      header()
        .u64(0)
        .u64(1)
        .text('k')
        .u32(8)
        .u64(2n ** 64n - 1n)
        .done(),
    ],
    [
      'has an array of 2^50 numbers',
      header()
        .u64(0)
        .u64(1)
        .text('k')
        .u32(9)
        .u32(4)
        .u64(2n ** 50n)
        .done(),
    ],
    [
      'has an array of 2^50 texts',
      header()
        .u64(0)
        .u64(1)
        .text('k')
        .u32(9)
        .u32(8)
        .u64(2n ** 50n)
        .done(),
    ],
    [
      'has an array whose texts pass the end',
      header().u64(0).u64(1).text('k').u32(9).u32(8).u64(2).text('a').u64(999).done(new Uint8Array(64)),
    ],
    ['has an unknown kind of value', header().u64(0).u64(1).text('k').u32(13).done()],
    [
      'nests arrays without end',
      header()
        .u64(0)
        .u64(1)
        .text('k')
        .u32(9)
        .raw(concat(...Array.from({ length: 1000 }, () => concat(Uint8Array.of(9, 0, 0, 0), Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0)))))
        .done(),
    ],
    [
      'has a tensor of 2^31 axes',
      header()
        .u64(1)
        .u64(0)
        .text('w')
        .u32(2 ** 31)
        .done(new Uint8Array(64)),
    ],
  ])('is refused in one sentence: %s', async (_, bytes) => {
    const refused = await openCheckpoint(bytes, 'w.gguf').catch((error: unknown) => error);
    if (!(refused instanceof FormatError || refused instanceof LimitError)) throw refused;
    expect(refused.message).toMatch(/^(w\.gguf is|The file has|w\.gguf has) .*\.$/);
  });

  it.each([
    ['passes the end', [4], 0, 96, 'tensor-place'],
    ['begins at 2^63', [4], 0, 2n ** 63n, 'tensor-place'],
    ['has 2^63 rows', [4, 2n ** 63n], 0, 0, 'tensor-place'],
    ['has rows that are no blocks', [33], 2, 0, 'tensor-place'],
    ['is of a withdrawn type', [32], 4, 0, 'tensor-place'],
    ['is of a type of the future', [32], 99, 0, 'tensor-place'],
    ['has the name of another', [4], 0, 32, 'duplicate-tensor'],
    ['overlaps another', [4], 0, 0, 'overlap'],
  ])('still opens, with a finding, where a tensor %s', async (what, dims, type, offset, code) => {
    const name = what === 'has the name of another' ? 'good' : 'bad';
    const content = header()
      .u64(2)
      .u64(0)
      .tensor('good', [4], 0, 0)
      .tensor(name, dims, type, offset)
      .done(floats([1, 2, 3, 4, 5, 6, 7, 8]));
    const checkpoint = await openCheckpoint(content, 'w.gguf');
    expect(codes(checkpoint.findings)).toEqual([code]);
    expect(checkpoint.findings[0]?.message).toMatch(/^Tensors? ?.*\.$|^Two tensors .*\.$/);
    expect(await numbersOf(tensorOf(checkpoint, 'good'), content)).toEqual([1, 2, 3, 4]);
  });

  it('still opens where an entry of its metadata comes twice, or its alignment is none', async () => {
    const file = header().u64(0).u64(3).text('k').u32(4).u32(1).text('k').u32(4).u32(2);
    const { findings, metadata } = await openCheckpoint(file.text('general.alignment').u32(4).u32(3).done(), 'w.gguf');
    expect(codes(findings)).toEqual(['duplicate-key', 'alignment']);
    expect(metadata['k']).toBe('1');
  });
});

it('reads 150,000 tokens without a text for each, in few reads', async () => {
  const tokens = new Uint8Array(150_000 * 18);
  for (let at = 0; at < tokens.length; at += 18) {
    tokens[at] = 10;
    tokens.set(new TextEncoder().encode(String(at / 18).padStart(10, '0')), at + 8);
  }
  const content = new Builder(3).u64(0).u64(1).text('tokens').u32(9).u32(8).u64(150_000).raw(tokens).done();
  const source = new CountingSource(new BufferSource(content));
  const { metadata } = await openCheckpoint(source, 'w.gguf');
  expect(metadata['tokens']).toMatch(/^150000 texts: "0000000000", /);
  expect(source.reads).toBeLessThan(20);
});

it('a row of a large encoded tensor is decoded without the rows before it', async () => {
  const rows = 4096;
  const blocks = Uint8Array.from({ length: rows * 4 * 34 }, (_, at) => (at % 34 === 1 ? 0x3c : at % 34 === 0 ? 0 : (at * 7) % 251));
  const content = new Builder(3).u64(1).u64(0).tensor('w', [128, rows], 8, 0).done(blocks);
  const source = new CountingSource(new BufferSource(content));
  const tensor = tensorOf(await openCheckpoint(source, 'w.gguf'), 'w');
  const all = await numbersOf(tensor, content);
  source.bytesRead = 0;
  for (const [row, from, step] of [
    [0, 0, 1],
    [4000, 37, 3],
    [4095, 127, 1],
  ] as const) {
    const count = Math.ceil((128 - from) / step);
    const part = await tensorBlock(
      tensor,
      [
        { from: row, count: 1, step: 1 },
        { from, count, step },
      ],
      { model: source },
    );
    expect(Array.from(part)).toEqual(Array.from({ length: count }, (_, index) => all[row * 128 + from + index * step]));
  }
  expect(source.bytesRead).toBeLessThan(3 * 4 * 34 + 1);
});
