import { writeFile } from 'node:fs/promises';
import { crc32, deflateRawSync } from 'node:zlib';
import type { Section } from './section';

const PYTHON = `
import numpy
def work(path):
    with numpy.load(path) as file:
        return {name: file[name].shape for name in file.files}
`;

function array(values: Float32Array): Uint8Array {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${values.length},), }`.padEnd(117, ' ').concat('\n');
  const head = Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    Buffer.from([header.length & 255, header.length >> 8]),
    Buffer.from(header),
  ]);
  return Buffer.concat([head, new Uint8Array(values.buffer)]);
}

/** A zip archive as `numpy.savez` and `numpy.savez_compressed` write it, without zip64. */
async function write(path: string, count: number, values: Float32Array, deflated: boolean): Promise<void> {
  const content = array(values);
  const stored = deflated ? deflateRawSync(content, { level: 1 }) : content;
  const sum = crc32(content);
  const parts: Buffer[] = [];
  const list: Buffer[] = [];
  let offset = 0;
  for (let index = 0; index < count; index += 1) {
    const name = Buffer.from(`layer${index}.npy`);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(deflated ? 8 : 0, 4);
    common.writeUInt32LE(sum, 10);
    common.writeUInt32LE(stored.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), common, name, Buffer.from(stored));
    const end = Buffer.alloc(14);
    end.writeUInt32LE(offset, 10);
    list.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, end, name);
    offset += 30 + name.length + stored.length;
  }
  const directory = Buffer.concat(list);
  const tail = Buffer.alloc(22);
  tail.write('PK\x05\x06', 'latin1');
  tail.writeUInt16LE(count, 8);
  tail.writeUInt16LE(count, 10);
  tail.writeUInt32LE(directory.length, 12);
  tail.writeUInt32LE(offset, 16);
  await writeFile(path, Buffer.concat([...parts, directory, tail]));
}

/** Numbers of few digits: deflate finds something in them. */
const numbers = (count: number) => Float32Array.from({ length: count }, (_, index) => ((index * 7919) % 1000) / 1000);

export const npzSection: Section = {
  name: 'npz',
  cases: [
    {
      what: '400 MB in 100 arrays',
      file: 'plain.npz',
      make: (path) => write(path, 100, numbers(1_000_000), false),
      python: { name: 'numpy.load, all arrays', code: PYTHON },
      modes: ['open', 'read', 'statistics'],
    },
    {
      what: '400 MB in 100 arrays, compressed',
      file: 'compressed.npz',
      make: (path) => write(path, 100, numbers(1_000_000), true),
      python: { name: 'numpy.load, all arrays', code: PYTHON },
      modes: ['open', 'statistics'],
    },
  ],
};
