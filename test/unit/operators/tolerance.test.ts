import { describe, expect, it } from 'vitest';
import type { Attribute, Dim, Shape } from '../../../src/model';
import { allOperators } from '../../../src/operators/registry';
import type { Fact } from '../../../src/operators/rule';
import { call, tensor, type Value } from './rules';

/** mulberry32: the same odd models on every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const EXTENTS: readonly Dim[] = [0, 1, 2, 3, 5, 8, 64, Number.MAX_SAFE_INTEGER, -1, 'batch', '2*width+1', null];
const NAMES = [
  ...['kernel_shape', 'strides', 'pads', 'dilations', 'output_padding', 'output_shape', 'axes', 'scales', 'qkv_hidden_sizes'],
  ...['pooled_shape', 'ngram_indexes', 'inputdimensions'],
];
const SCALARS = [
  ...['group', 'axis', 'num_heads', 'q_num_heads', 'kv_num_heads', 'hidden_size', 'transA', 'transB', 'ceil_mode', 'blocksize'],
  ...['block_size', 'N', 'K', 'bits', 'onesided', 'inverse', 'layout', 'channels_last', 'window', 'k', 'channels', 'keepdims', 'targets'],
];

function pick<T>(random: () => number, list: readonly T[]): T {
  const value = list[Math.floor(random() * list.length)];
  if (value === undefined) throw new Error('Nothing to pick from.');
  return value;
}

function oddFact(random: () => number): Fact | null {
  const kind = random();
  if (kind < 0.1) return null;
  if (kind < 0.15) return { kind: 'unknown' };
  if (kind < 0.2) return { kind: 'sequence', element: tensor('float32', null) };
  const dtype = pick(random, ['float32', 'int64', 'string', 'uint8', 'float16'] as const);
  if (kind < 0.3) return tensor(dtype, null);
  const shape: Shape = Array.from({ length: Math.floor(random() * 6) }, () => pick(random, EXTENTS));
  if (random() < 0.7) return tensor(dtype, shape);
  const numbers = dtype === 'float32' ? [0.5, -3.5, 1e300] : EXTENTS;
  const data = Array.from({ length: Math.floor(random() * 5) }, () => pick<Dim>(random, numbers));
  return tensor(dtype, [data.length], data);
}

function oddAttributes(random: () => number): Record<string, Value> {
  const attributes: Record<string, Value> = {};
  for (const name of NAMES) {
    if (random() < 0.4) attributes[name] = Array.from({ length: Math.floor(random() * 5) }, () => pick(random, [-1, 0, 1, 2, 3, 1e12]));
  }
  for (const name of SCALARS) if (random() < 0.4) attributes[name] = pick(random, [-2, 0, 1, 2, 7]);
  const words: Attribute = { kind: 'string', value: pick(random, ['SAME_UPPER', 'VALID', '', 'nonsense']) };
  if (random() < 0.3) attributes['auto_pad'] = words;
  if (random() < 0.3) attributes['equation'] = pick(random, ['ij,jk->ik', '...i,...i', 'ii->i', 'i->->', 'a,b,c,d', '3']);
  if (random() < 0.2) attributes['mode'] = pick(random, ['linear', 'cubic', 'nearest', '?']);
  return attributes;
}

describe('every rule', () => {
  const operators = allOperators();
  // Bodies need graphs; these are tried with their own tests.
  // These take extents from data, which ONNX's checker lets no float tensor give.
  const typed = new Set(['ConstantOfShape', 'Split', 'Expand', 'Reshape', 'OneHot']);
  const skipped = new Set(['If', 'Loop', 'Scan', 'SequenceMap']);
  for (const { op, domain, since } of operators.filter((one) => !skipped.has(one.op))) {
    it(`${domain}:${op}-${since} bears any input`, () => {
      const random = generator(op.length * 1009 + since);
      for (let round = 0; round < 60; round++) {
        const inputs = Array.from({ length: Math.floor(random() * 8) }, () => oddFact(random));
        const result = call({ op, domain, opset: since, inputs, attributes: oddAttributes(random), outputs: 1 + Math.floor(random() * 4) });
        for (const fact of result.outputs) {
          expect(fact.kind).toBeTypeOf('string');
          if (fact.kind !== 'tensor' || !fact.shape) continue;
          for (const dim of fact.shape) {
            if (typeof dim === 'number' && !typed.has(op)) expect(Number.isSafeInteger(dim), `${op} made an extent ${dim}`).toBe(true);
          }
        }
        for (const { message } of result.reports) expect(message).toMatch(/\.$/);
        if (result.cost) expect(result.cost.formula).not.toMatch(/undefined|NaN|null/);
      }
    });
  }
});
