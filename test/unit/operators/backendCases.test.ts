import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Attribute, DTYPES, type DType } from '../../../src/model';
import { lookup } from '../../../src/operators/registry';
import { call, tensor } from './rules';

/** `[dtype, shape, elements of small inputs]` */
type Described = readonly [string, readonly number[], (readonly number[])?];

interface Case {
  readonly test: string;
  readonly op: string;
  readonly domain?: string;
  readonly opset: number;
  readonly attributes?: Readonly<Record<string, readonly [Attribute['kind'], never]>>;
  readonly inputs: readonly (Described | null)[];
  readonly outputs: readonly (Described | null)[];
}

/** Outputs whose extents depend on data that the rules do not follow, with the reason. */
const DATA_DEPENDENT: Readonly<Record<string, string>> = {
  Compress: 'as many elements as the condition has true ones',
  ImageDecoder: 'the extents are in the image',
  NonMaxSuppression: 'the number of boxes depends on their scores',
  NonZero: 'the number of elements that are not zero',
  StringNormalizer: 'the number of strings that are no stop words',
  StringSplit: 'the most parts any string has',
  TfIdfVectorizer: 'attributes of the test are read, but n-gram counts are not',
  Unique: 'the number of distinct elements',
};

const { cases }: { cases: readonly Case[] } = JSON.parse(readFileSync(new URL('../../golden/onnx-backend.json', import.meta.url), 'utf8'));

function dtype(name: string): DType {
  const found = DTYPES.find((one) => one === name);
  if (!found) throw new Error(`${name} is no element type.`);
  return found;
}

function run(one: Case) {
  return call({
    op: one.op,
    ...(one.domain ? { domain: one.domain } : {}),
    opset: one.opset,
    outputs: one.outputs.length,
    inputs: one.inputs.map((input) => (input ? tensor(dtype(input[0]), input[1], input[2]) : null)),
    attributes: Object.fromEntries(Object.entries(one.attributes ?? {}).map(([name, [kind, value]]) => [name, { kind, value }])),
  });
}

describe('rules against the output shapes of ONNX 1.23 backend tests', () => {
  const byOp = new Map<string, Case[]>();
  for (const one of cases) {
    const key = `${one.domain ?? ''}:${one.op}`;
    byOp.set(key, [...(byOp.get(key) ?? []), one]);
  }
  for (const [key, group] of byOp) {
    const [first] = group;
    if (!first) continue;
    it.runIf(lookup(first.domain ?? '', first.op, first.opset) !== null)(`${key} (${group.length})`, () => {
      for (const one of group) {
        const { outputs, reports } = run(one);
        for (const [i, expected] of one.outputs.entries()) {
          if (!expected) continue;
          const found = outputs[i];
          expect(found?.kind, one.test).toBe('tensor');
          if (found?.kind !== 'tensor') continue;
          expect(found.dtype, one.test).toBe(expected[0]);
          if (one.op in DATA_DEPENDENT && found.shape?.some((dim) => dim === null)) continue;
          expect(found.shape, one.test).toEqual(expected[1]);
        }
        expect(reports, one.test).toEqual([]);
      }
    });
  }
});
