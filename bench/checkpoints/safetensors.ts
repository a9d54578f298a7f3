import { open } from 'node:fs/promises';
import type { Section } from './section';

const PYTHON = `
from safetensors import safe_open
import safetensors.numpy
def work(path):
    with safe_open(path, 'np') as file:
        return [(name, file.get_slice(name).get_shape(), file.get_slice(name).get_dtype()) for name in file.keys()]
`;
const PYTHON_STATISTICS = `
from safetensors import safe_open
import numpy
def work(path):
    with safe_open(path, 'np') as file:
        for name in file.keys():
            values = file.get_tensor(name)
            found = (values.min(), values.max(), values.mean(dtype='f8'), values.std(dtype='f8'), numpy.histogram(values, 64))
    return found
`;

/** Tensors one behind the other; what is not written stays a hole, which takes no room on disks that know sparse files. */
async function write(path: string, count: number, shape: readonly number[], values?: Float32Array): Promise<void> {
  const bytes = 4 * shape.reduce((product, extent) => product * extent, 1);
  const entries = Array.from({ length: count }, (_, index): [string, unknown] => [
    `model.layers.${Math.floor(index / 8)}.block.${index % 8}.weight`,
    { dtype: 'F32', shape, data_offsets: [index * bytes, (index + 1) * bytes] },
  ]);
  const header = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(header.length), true);
  const file = await open(path, 'w');
  await file.write(length, 0, 8, 0);
  await file.write(header, 0, header.length, 8);
  if (values) for (let index = 0; index < count; index += 1) await file.write(values, 0, bytes, 8 + header.length + index * bytes);
  await file.truncate(8 + header.length + count * bytes);
  await file.close();
}

/** Normal numbers, roughly: what weights are. */
function noise(count: number): Float32Array {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Float32Array.from({ length: count }, () => (next() + next() + next() + next() - 2) / 20);
}

export const safetensorsSection: Section = {
  name: 'safetensors',
  cases: [
    {
      what: '6 GB in 300 tensors',
      file: 'large.safetensors',
      make: (path) => write(path, 300, [5000, 1000]),
      target: 'below 50 ms, and 20 MB over idle',
      python: { name: 'safe_open, header alone', code: PYTHON },
    },
    {
      what: '200,000 tensors',
      file: 'many.safetensors',
      make: (path) => write(path, 200_000, [4]),
      target: 'below 2 s',
      python: { name: 'safe_open, header alone', code: PYTHON },
    },
    {
      what: 'values of 1 GB in 16 tensors',
      file: 'values.safetensors',
      make: (path) => write(path, 16, [4096, 4096], noise(4096 * 4096)),
      target: 'no less than 60% of the pace of reading, a histogram included',
      modes: ['read', 'statistics'],
      python: { name: 'NumPy, statistics', code: PYTHON_STATISTICS },
    },
  ],
};
