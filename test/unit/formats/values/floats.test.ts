import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeElements } from '../../../../src/formats/tensorValues';
import { floatTable, type SmallFloatType } from '../../../../src/formats/values/floats';

type Golden = {
  readonly codes: Record<SmallFloatType, (number | string)[]>;
  readonly samples: Record<string, [number, number | string][]>;
};

/** Every code as ml_dtypes and NumPy read it. */
const golden: Golden = JSON.parse(readFileSync(new URL('../../../golden/small-floats.json', import.meta.url), 'utf8'));

describe('small floats', () => {
  for (const [dtype, expected] of Object.entries(golden.codes)) {
    it(`${dtype}: every code as ml_dtypes reads it`, () => {
      expect([...floatTable(dtype as SmallFloatType)]).toEqual(expected.map(Number));
    });
  }

  it('float16 as NumPy reads it, subnormals, infinities and NaN too', () => {
    const table = floatTable('float16');
    for (const [code, expected] of golden.samples['float16'] ?? []) expect(table[code], `code ${code}`).toBe(Math.fround(Number(expected)));
    expect(table).toHaveLength(65_536);
  });

  it('bfloat16 as ml_dtypes reads it', () => {
    const samples = golden.samples['bfloat16'] ?? [];
    const bytes = new Uint8Array(Uint16Array.from(samples, ([code]) => code).buffer);
    expect([...decodeElements('bfloat16', bytes, samples.length)]).toEqual(samples.map(([, value]) => Math.fround(Number(value))));
  });
});

describe('sub-byte elements', () => {
  // ONNX: the first element is in the lowest bits.
  it('unpacks 4-bit integers', () => {
    expect([...decodeElements('uint4', Uint8Array.of(0x21, 0xf3, 0x07), 5)]).toEqual([1, 2, 3, 15, 7]);
    expect([...decodeElements('int4', Uint8Array.of(0x21, 0xf8), 4)]).toEqual([1, 2, -8, -1]);
  });

  it('unpacks 2-bit integers', () => {
    expect([...decodeElements('uint2', Uint8Array.of(0b11100100, 0b01), 5)]).toEqual([0, 1, 2, 3, 1]);
    expect([...decodeElements('int2', Uint8Array.of(0b11100100), 4)]).toEqual([0, 1, -2, -1]);
  });

  it('unpacks 4-bit floats', () => {
    expect([...decodeElements('float4e2m1', Uint8Array.of(0x72, 0x9f), 4)]).toEqual([1, 6, -6, -0.5]);
  });

  it('unpacks 6-bit floats by the bit layout of TensorProto.raw_data', () => {
    // x0..x3 = 8 (1.0), 16 (2.0), 63 (-7.5), 1 (0.125) as float6e2m3.
    const [x0, x1, x2, x3] = [8, 16, 63, 1];
    const bytes = Uint8Array.of(x0 | ((x1 & 3) << 6), (x1 >> 2) | ((x2 & 15) << 4), (x2 >> 4) | (x3 << 2));
    expect([...decodeElements('float6e2m3', bytes, 4)]).toEqual([1, 2, -7.5, 0.125]);
  });
});
