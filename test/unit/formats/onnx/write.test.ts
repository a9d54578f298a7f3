import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BufferSource } from '../../../../src/bytes';
import { writeOnnx } from '../../../../src/formats/onnx/write';
import { openModel } from '../../../../src/formats/registry';
import type { Model, Tensor } from '../../../../src/model';

const CORPUS = '/usr/share/libonnx-testdata/data';

const open = (bytes: Uint8Array) => openModel(new BufferSource(bytes), { name: 'model.onnx' });

/** Raw bytes of tensors the reader left in the file. */
function located(bytes: Uint8Array) {
  return ({ storage }: Tensor) =>
    storage.kind === 'bytes' && storage.file === '' ? bytes.subarray(storage.offset, storage.offset + storage.length) : null;
}

/** Byte ranges move when a file is written anew, findings may name them; everything else must stay. */
function comparable(model: Model): unknown {
  const storage = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (value instanceof Uint8Array) return [...value];
    if (Array.isArray(value)) return value.map(storage);
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, key === 'offset' ? 0 : storage(part)]));
  };
  return storage({ ...model, findings: [] });
}

describe('writeOnnx', () => {
  it('writes each sample back as the model it was read from', async () => {
    for (const name of ['conv', 'vit', 'hybrid']) {
      const bytes = new Uint8Array(readFileSync(`samples/${name}.onnx`));
      const model = await open(bytes);
      const written = writeOnnx(model, located(bytes));
      expect(comparable(await open(written))).toEqual(comparable(model));
    }
  });

  it.skipIf(!existsSync(CORPUS))("writes ONNX's own node and subgraph tests back as they were", async () => {
    const folder = join(CORPUS, 'node');
    const cases = readdirSync(folder).filter(
      (name, index) => index % 7 === 0 || /^test_(if|loop|scan|sequence|optional|constant|sparse)/.test(name),
    );
    expect(cases.length).toBeGreaterThan(100);
    for (const name of cases) {
      const bytes = new Uint8Array(readFileSync(join(folder, name, 'model.onnx')));
      const model = await open(bytes);
      expect(comparable(await open(writeOnnx(model, located(bytes)))), name).toEqual(comparable(model));
    }
  });

  it('leaves out weights that are not given, and the reader says so', async () => {
    const bytes = new Uint8Array(readFileSync('samples/conv.onnx'));
    const structure = writeOnnx(await open(bytes));
    expect(structure.length).toBeLessThan(bytes.length / 20);
    const model = await open(structure);
    expect(model.externalFiles).toEqual([{ path: 'weights.absent', size: null }]);
    expect(model.graph.initializers.filter(({ storage }) => storage.kind === 'missing').length).toBeGreaterThan(5);
  });
});
