import { describe, expect, it } from 'vitest';
import { BufferSource } from '../../../../src/bytes';
import { readTensor } from '../../../../src/formats/tensorValues';
import { fileOffsetOf, openEntry, openZip, readEntry, type ZipArchive } from '../../../../src/formats/zip';
import { fields, type ZipPart, zip } from '../../../fixtures/zip';
import { CountingSource, SparseSource } from '../support';
import { pythonSays } from './python';

const text = (value: string) => new TextEncoder().encode(value);
const hello: ZipPart = { name: 'a/hello.txt', data: text('hello') };
const long: ZipPart = { name: 'a/long.bin', data: new Uint8Array(300_000).map((_, index) => (index * index) % 251), deflate: true };

function open(bytes: Uint8Array): Promise<ZipArchive> {
  return openZip(new BufferSource(bytes));
}

async function read(archive: ZipArchive, name: string): Promise<Uint8Array> {
  const entry = archive.entries.get(name);
  if (!entry) throw new Error(`no entry ${name}`);
  return readEntry(archive, entry);
}

describe('an archive', () => {
  it.each([
    ['plain', zip([hello, long])],
    [
      'with padding in local headers',
      zip([
        { ...hello, padding: 40 },
        { ...long, padding: 3 },
      ]),
    ],
    [
      'zip64',
      zip(
        [
          { ...hello, wide: true },
          { ...long, wide: true },
        ],
        { wide: true },
      ),
    ],
    ['with a comment that holds an end record', zip([hello, long], { comment: `PK\x05\x06${'x'.repeat(40)}` })],
  ])('%s is listed and read', async (_, bytes) => {
    const archive = await open(bytes);
    expect([...archive.entries.keys()]).toEqual([hello.name, long.name]);
    expect(await read(archive, hello.name)).toEqual(hello.data);
    expect(Buffer.from(await read(archive, long.name)).equals(long.data)).toBe(true);
    expect(archive.findings).toEqual([]);
  });

  it("is read as Python's zipfile writes it, and written as zipfile reads it", async (context) => {
    const python = await pythonSays(zip([hello, long, { ...hello, name: 'w', wide: true }]));
    if (python === null) return context.skip('python3 is not installed');
    expect(python.listed).toEqual([
      [hello.name, 5],
      [long.name, 300_000],
      ['w', 5],
    ]);
    const archive = await open(python.written);
    expect([...archive.entries.keys()]).toEqual(['x/one', 'x/\u00fc']);
    expect(await read(archive, 'x/one')).toEqual(text('one'.repeat(1000)));
  });

  it('is listed without a look at what its entries hold, at any size', async () => {
    const size = 4.7e9;
    const tail = zip([{ name: 'w', data: new Uint8Array(0), says: { size, stored: size } }], { wide: false });
    // The entry's bytes are moved apart: header at 0, list of entries behind 4.7 GB.
    const directoryAt = 31;
    const directory = tail.subarray(directoryAt, tail.length - 22);
    const end64 = fields([4, 0x06064b50], [8, 44], [2, 45], [2, 45], [4, 0], [4, 0], [8, 1], [8, 1], [8, directory.length], [8, 31 + size]);
    const locator = fields([4, 0x07064b50], [4, 0], [8, 31 + size + directory.length], [4, 1]);
    const whole = Buffer.concat([directory, end64, locator, tail.subarray(tail.length - 22)]);
    const source = new CountingSource(
      new SparseSource(31 + size + whole.length, [
        { offset: 0, bytes: tail.subarray(0, 31) },
        { offset: 31 + size, bytes: whole },
      ]),
    );
    const archive = await openZip(source);
    const entry = archive.entries.get('w');
    expect(entry?.place).toEqual({ header: 0, stored: size, size, deflated: false });
    if (entry) expect(await fileOffsetOf(source, entry.place)).toBe(31);
    expect(source.bytesRead).toBeLessThan(70_000);
  });
});

describe('a tensor in an entry', () => {
  const numbers = new Float32Array(200_000).map((_, index) => index % 97);
  const part = { name: 'w', data: new Uint8Array(numbers.buffer) };

  it.each([true, false])('is read by range, deflated: %s', async (deflate) => {
    const source = new BufferSource(zip([{ ...part, deflate }]));
    const entry = (await openZip(source)).entries.get('w')?.place;
    if (!entry) throw new Error('no entry');
    const storage = { kind: 'bytes', file: '', offset: 400, length: 796_000, entry } as const;
    const { values } = await readTensor({ name: 'w', dtype: 'float32', shape: [199_000], storage }, { model: source });
    expect(values.length).toBe(199_000);
    expect(values.every((value, index) => value === numbers[index + 100])).toBe(true);
  });

  it('is read backwards too', async () => {
    const source = new BufferSource(zip([{ ...part, deflate: true }]));
    const entry = (await openZip(source)).entries.get('w')?.place;
    if (!entry) throw new Error('no entry');
    const opened = await openEntry(source, entry);
    const parts = await Promise.all([opened.read(700_000, 8), opened.read(4, 4), opened.read(799_996, 4)]);
    expect(parts.map((bytes) => new Float32Array(bytes.slice().buffer)[0])).toEqual([175_000 % 97, 1, 199_999 % 97]);
  });

  it('of the other byte order is turned round', async () => {
    const data = Uint8Array.from([0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0]);
    const storage = { kind: 'bytes', file: '', offset: 0, length: 8, bigEndian: true } as const;
    const tensor = { name: 'w', dtype: 'float32', shape: [2], storage } as const;
    expect([...(await readTensor(tensor, { model: new BufferSource(data) })).values]).toEqual([1, -2]);
  });
});

describe('a hostile archive', () => {
  it.each([
    ['whose entries overlap', zip([hello, { ...hello, name: 'b', says: { header: 0 } }]), /entries "a\/hello.txt" and "b" overlap/],
    ['whose entry passes the list', zip([{ ...hello, says: { stored: 5000, size: 5000 } }]), /behind the list of entries/],
    ['whose entry begins at 2^62', zip([{ ...hello, says: { header: 2 ** 62 } }]), /behind the list of entries/],
    ['that is truncated', zip([hello, long]).subarray(0, 200), /has no list of entries at its end; it is truncated/],
    ['whose list is cut', cutList(), /its list of entries says 2 and holds/],
    ['of nothing but a signature', text('PK\x03\x04'), /truncated/],
  ])('%s is refused in one sentence', async (_, bytes, message) => {
    await expect(open(bytes)).rejects.toMatchObject({ name: 'FormatError', message: expect.stringMatching(message) });
  });

  it.each([
    ['encrypted', { ...hello, flags: 1 }, 'Entry "a/hello.txt" is encrypted with a password, and cannot be read.'],
    ['of another method', { ...hello, method: 93 }, 'Entry "a/hello.txt" is compressed with zstd, which cannot be read here.'],
    ['named ../', { ...hello, name: '../evil' }, 'Entry "../evil" has a name that leads out of the archive.'],
    ['with an absolute name', { ...hello, name: '/etc/passwd' }, 'Entry "/etc/passwd" has a name that is absolute.'],
    [
      'that is no longer than it says',
      { ...hello, says: { size: 9 } },
      'Entry "a/hello.txt" says that it holds 9 bytes and takes 5, though it is not compressed.',
    ],
    [
      'that claims to unpack to 2^50 bytes',
      { ...long, says: { size: 2 ** 50 } },
      /^Entry "a\/long.bin" says that its \d+ bytes unpack to 1125899906842624, which is more than they can\.$/,
    ],
  ] as const)('with an entry %s says so, and opens the rest', async (_, part, message) => {
    const archive = await open(zip([part, { ...hello, name: 'good' }]));
    expect(archive.findings).toMatchObject([{ message: typeof message === 'string' ? message : expect.stringMatching(message) }]);
    await expect(read(archive, part.name)).rejects.toThrow(message);
    expect(await read(archive, 'good')).toEqual(hello.data);
  });

  it('of two entries with one name, whatever its case, says so', async () => {
    const { findings } = await open(zip([hello, { ...hello, name: 'A/HELLO.txt' }]));
    expect(findings).toMatchObject([{ code: 'zip-twice', message: expect.stringContaining('stands twice') }]);
  });

  it('that unpacks to more than it says stops there', async () => {
    const bomb = { name: 'b', data: new Uint8Array(50_000_000), deflate: true, says: { size: 1_000_000 } };
    await expect(read(await open(zip([bomb])), 'b')).rejects.toThrow(/unpack to more than the 1000000/);
    const short = { name: 'b', data: new Uint8Array(100), deflate: true, says: { size: 200 } };
    await expect(read(await open(zip([short])), 'b')).rejects.toThrow(/deflated bytes/);
  });

  it('with deflated bytes that are none says so', async () => {
    await expect(read(await open(zip([{ ...hello, method: 8 }])), hello.name)).rejects.toThrow(/^The file is damaged: deflated bytes/);
  });
});

function cutList(): Uint8Array {
  const bytes = zip([hello, { ...hello, name: 'b' }]).slice();
  // The second entry's signature.
  const at = Buffer.from(bytes).lastIndexOf('PK\x01\x02');
  bytes[at] = 0;
  return bytes;
}
