import { spawnSync } from 'node:child_process';
import type { Section } from './section';

const PYTHON = `
import h5py
def work(path):
    found = []
    with h5py.File(path) as file:
        file.visititems(lambda name, item: found.append((name, item.shape)) if isinstance(item, h5py.Dataset) else None)
    return found
`;
const WRITE = `
import h5py, numpy, sys
path, count, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
values = numpy.random.default_rng(0).normal(size=size).astype('f4')
with h5py.File(path, 'w') as file:
    for index in range(count):
        file.create_dataset(f'layers/dense_{index}/vars/0', data=values)
`;

/** The library writes them: it is there or the section has no files, which its rows then say. */
async function write(path: string, count: number, size: number): Promise<void> {
  spawnSync(process.env['MODEL_LOUPE_PYTHON'] ?? 'python3', ['-c', WRITE, path, String(count), String(size)]);
}

export const hdf5Section: Section = {
  name: 'hdf5',
  cases: [
    {
      what: '512 MB in 128 datasets',
      file: 'large.h5',
      make: (path) => write(path, 128, 1_000_000),
      python: { name: 'h5py, shapes alone', code: PYTHON },
      modes: ['open', 'read', 'statistics'],
    },
    {
      what: '5,000 datasets',
      file: 'many.h5',
      make: (path) => write(path, 5000, 100),
      python: { name: 'h5py, shapes alone', code: PYTHON },
    },
  ],
};
