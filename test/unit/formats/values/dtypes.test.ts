import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BufferSource } from '../../../../src/bytes';
import { readTensor } from '../../../../src/formats/tensorValues';
import { ONNX_DTYPES } from '../../../../src/model';
import { open } from '../support';

type Plain = number | string | [number, number];

/** A model written by the onnx package, with a tensor of every dtype as raw_data and as a typed field, and the values it reads from them. */
const golden: { readonly model: string; readonly values: Record<string, Plain[]> } = JSON.parse(
  readFileSync(new URL('../../../golden/onnx-tensors.json', import.meta.url), 'utf8'),
);

describe('tensors that the onnx package wrote', () => {
  const bytes = new Uint8Array(Buffer.from(golden.model, 'base64'));

  it('are of every dtype but strings, both ways', async () => {
    const { graph, findings } = await open(bytes);
    const numeric = ONNX_DTYPES.filter((dtype) => dtype !== 'undefined' && dtype !== 'string');
    expect(graph.initializers.map((tensor) => tensor.name).sort()).toEqual(
      numeric.flatMap((dtype) => [`${dtype}:raw`, `${dtype}:typed`]).sort(),
    );
    expect(findings).toEqual([]);
  });

  for (const [name, expected] of Object.entries(golden.values)) {
    it(`${name}: the values the onnx package reads`, async () => {
      const tensor = (await open(bytes)).graph.initializers.find((candidate) => candidate.name === name);
      if (tensor === undefined) throw new Error('no such tensor');
      expect(tensor.dtype).toBe(name.split(':')[0]);
      const { values } = await readTensor(tensor, { model: new BufferSource(bytes) });
      expect(Array.from(values, Number)).toEqual(expected.flat().map(Number));
    });
  }
});
