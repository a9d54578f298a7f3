import { open } from 'node:fs/promises';
import type { Section } from './section';

const PYTHON = `
import torch
def work(path):
    return torch.load(path, mmap=True, weights_only=True)
`;
const ALIGNMENT = 64;

/** Little-endian numbers, each of so many bytes. */
function numbers(...fields: readonly (readonly [number, number])[]): Buffer {
  const bytes = Buffer.alloc(fields.reduce((sum, [width]) => sum + width, 0));
  let at = 0;
  for (const [width, value] of fields) {
    if (width === 8) bytes.writeBigUInt64LE(BigInt(value), at);
    else bytes.writeUIntLE(value, at, width);
    at += width;
  }
  return bytes;
}

const text = (value: string) => Buffer.concat([Buffer.from('X'), numbers([4, value.length]), Buffer.from(value)]);
const int = (value: number) => Buffer.concat([Buffer.from('J'), numbers([4, value])]);

/** A state dict as `torch.save` pickles it (protocol 2), names and calls through the memo. */
function pickled(count: number, [rows, columns]: readonly [number, number]): Buffer {
  const parts: Buffer[] = [Buffer.from('\x80\x02}', 'latin1')];
  /** What is kept under a number of the memo at its first use. */
  const kept = (place: number, first: Buffer, index: number) =>
    index === 0 ? Buffer.concat([first, Buffer.from(['q'.charCodeAt(0), place])]) : Buffer.from(['h'.charCodeAt(0), place]);
  for (let index = 0; index < count; index += 1) {
    parts.push(
      text(`model.layers.${Math.floor(index / 8)}.block.${index % 8}.weight`),
      kept(1, Buffer.from('ctorch._utils\n_rebuild_tensor_v2\n'), index),
      Buffer.from('(('),
      kept(4, text('storage'), index),
      kept(2, Buffer.from('ctorch\nFloatStorage\n'), index),
      text(String(index)),
      kept(5, text('cpu'), index),
      int(rows * columns),
      Buffer.from('tQK\x00'),
      int(rows),
      int(columns),
      Buffer.from('\x86', 'latin1'),
      int(columns),
      Buffer.from('K\x01\x86\x89', 'latin1'),
      kept(3, Buffer.from('ccollections\nOrderedDict\n'), index),
      Buffer.from(')RtRs'),
    );
  }
  return Buffer.concat([...parts, Buffer.from('.')]);
}

/** An archive of PyTorch whose storages are holes, which take no room on disks that know sparse files; zip64 where it is needed. */
async function write(path: string, count: number, shape: readonly [number, number]): Promise<void> {
  const bytes = 4 * shape[0] * shape[1];
  const entries: readonly (readonly [string, Buffer | number])[] = [
    ['data.pkl', pickled(count, shape)],
    ['byteorder', Buffer.from('little')],
    ...Array.from({ length: count }, (_, index) => [`data/${index}`, bytes] as const),
    ['version', Buffer.from('3\n')],
  ];
  const file = await open(path, 'w');
  const list: Buffer[] = [];
  let pending: Buffer[] = [];
  let from = 0;
  let at = 0;
  const flush = async () => {
    await file.write(Buffer.concat(pending), 0, undefined, from);
    pending = [];
    from = at;
  };
  for (const [own, content] of entries) {
    const name = Buffer.from(`bench/${own}`);
    const size = typeof content === 'number' ? content : content.length;
    const padding = ALIGNMENT - ((at + 30 + name.length + 4) % ALIGNMENT);
    const common = numbers([2, 20], [2, 0], [2, 0], [4, 0], [4, 0], [4, size], [4, size], [2, name.length]);
    const local = Buffer.concat([
      numbers([4, 0x04034b50]),
      common,
      numbers([2, padding + 4]),
      name,
      numbers([2, 0x4246], [2, padding]),
      Buffer.alloc(padding),
    ]);
    const wide = numbers([2, 1], [2, 8], [8, at]);
    list.push(
      Buffer.concat([
        numbers([4, 0x02014b50], [2, 45]),
        common,
        numbers([2, wide.length], [2, 0], [2, 0], [2, 0], [4, 0], [4, 0xffffffff]),
        name,
        wide,
      ]),
    );
    pending.push(local);
    at += local.length;
    if (typeof content !== 'number') pending.push(content);
    else if (size <= 4096) pending.push(Buffer.alloc(size));
    else await flush();
    at += size;
    if (typeof content === 'number' && size > 4096) from = at;
    else if (pending.length > 10_000) await flush();
  }
  const directory = Buffer.concat(list);
  const end = Buffer.concat([
    numbers([4, 0x06064b50], [8, 44], [2, 45], [2, 45], [4, 0], [4, 0], [8, list.length], [8, list.length], [8, directory.length], [8, at]),
    numbers([4, 0x07064b50], [4, 0], [8, at + directory.length], [4, 1]),
    numbers([4, 0x06054b50], [2, 0], [2, 0], [2, 0xffff], [2, 0xffff], [4, 0xffffffff], [4, 0xffffffff], [2, 0]),
  ]);
  pending.push(directory, end);
  await flush();
  await file.close();
}

export const pytorchSection: Section = {
  name: 'pytorch',
  cases: [
    {
      what: '4.8 GB in 300 tensors, zip64',
      file: 'large.pt',
      make: (path) => write(path, 300, [4000, 1000]),
      target: 'below 150 ms',
      python: { name: 'torch.load(mmap=True)', code: PYTHON },
    },
    {
      what: '200,000 tensors',
      file: 'many.pt',
      make: (path) => write(path, 200_000, [2, 3]),
      target: 'below 2 s',
      python: { name: 'torch.load(mmap=True)', code: PYTHON },
    },
  ],
};
