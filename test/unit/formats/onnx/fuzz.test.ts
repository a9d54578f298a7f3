import { describe, expect, it } from 'vitest';
import { BufferSource, FormatError, LimitError, UserError } from '../../../../src/bytes';
import { openModel } from '../../../../src/formats/registry';
import { readTensor } from '../../../../src/formats/tensorValues';
import type { Model } from '../../../../src/model';
import { external, float, graph, localFunction, model, node, pack, sparse, stringTensor, tensor, value } from '../../../fixtures/onnx';
import { between, randomFrom } from '../random';
import { siblings } from '../support';

const WEIGHTS = { 'w.bin': pack('float32', new Array(100).fill(1)) };
const COUNT = 1000;

/** A little of everything a model can hold. */
function everything(): Uint8Array {
  const branch = graph({
    nodes: [node('Neg', ['a'], ['t'])],
    outputs: [value('t', 'float32', ['n', null])],
    initializers: [tensor('inner', 'int32', [2], [1, 2], { as: 'typed' })],
  });
  return model({
    opset: { '': 21, f: 1 },
    inputs: [value('x', 'float32', ['batch', 3]), value('c', 'bool', [])],
    outputs: [value('y', 'float32', null)],
    nodes: [
      node('F', ['x'], ['a'], { k: 3, s: 'text', f: float(1), list: [1, 2, 3] }, { domain: 'f', name: 'call', doc: 'A call.' }),
      node('If', ['c'], ['b'], { then_branch: branch, else_branch: branch }),
      node('Constant', [], ['k'], { value: tensor('', 'float32', [400], new Array(400).fill(0.5)) }),
      node('Sum', ['a', 'b', 'k', 'big', 'typed', 'ext'], ['y'], {}, { metadata: { namespace: 'head' } }),
    ],
    initializers: [
      tensor('big', 'float32', [500], new Array(500).fill(2)),
      tensor(
        'typed',
        'int64',
        [900],
        Array.from({ length: 900 }, (_, index) => index * 1000),
        { as: 'typed' },
      ),
      external('ext', 'float32', [100], 'w.bin', { offset: 0, length: 400 }),
      stringTensor('labels', [3], ['cat', 'dog', 'emu']),
      tensor('half', 'bool', [3], [1, 0, 1]),
    ],
    sparseInitializers: [sparse(tensor('coo', 'float32', [2], [1, 2]), tensor('', 'int64', [2], [0, 3]), [2, 2])],
    functions: [
      localFunction({ name: 'F', domain: 'f', inputs: ['i'], outputs: ['o'], attributes: ['k'], nodes: [node('Relu', ['i'], ['o'])] }),
    ],
    quantization: { a: { SCALE_TENSOR: 'half' } },
    modelMetadata: { labels: '["cat", "dog"]' },
  });
}

type Mutation = (bytes: Uint8Array, random: () => number) => Uint8Array;

const MUTATIONS: readonly Mutation[] = [
  function cut(bytes, random) {
    return bytes.slice(0, between(random, 0, bytes.length - 1));
  },
  function flip(bytes, random) {
    const changed = bytes.slice();
    for (let left = between(random, 1, 6); left > 0; left -= 1) {
      const at = between(random, 0, bytes.length - 1);
      changed[at] = (changed[at] ?? 0) ^ (1 << between(random, 0, 7));
    }
    return changed;
  },
  function overwrite(bytes, random) {
    const changed = bytes.slice();
    const at = between(random, 0, bytes.length - 1);
    changed.fill(between(random, 0, 255), at, at + between(random, 1, 12));
    return changed;
  },
  function remove(bytes, random) {
    const at = between(random, 0, bytes.length - 1);
    const length = between(random, 1, 40);
    return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + length)]);
  },
];

async function openAndReadAll(bytes: Uint8Array): Promise<Model> {
  const source = new BufferSource(bytes);
  const read = await openModel(source, { name: 'model.onnx', openSibling: siblings(WEIGHTS) });
  for (const item of read.graph.initializers) {
    await readTensor(item, { model: source, sibling: siblings(WEIGHTS) }).catch((error: unknown) => {
      if (!isExpected(error) && !(error instanceof UserError)) throw error;
    });
  }
  return read;
}

function isExpected(error: unknown): boolean {
  return error instanceof FormatError || error instanceof LimitError;
}

describe('damaged models', () => {
  it('the whole one is read without a finding', async () => {
    expect((await openAndReadAll(everything())).findings).toEqual([]);
  });

  for (const mutate of MUTATIONS) {
    it(`${mutate.name}: ${COUNT} times, each is read or refused in a sentence`, async () => {
      const whole = everything();
      const outcomes = { read: 0, refused: 0 };
      for (let seed = 0; seed < COUNT; seed += 1) {
        const bytes = mutate(whole, randomFrom(seed));
        try {
          await openAndReadAll(bytes);
          outcomes.read += 1;
        } catch (error) {
          if (!isExpected(error)) throw new Error(`seed ${seed}: ${error instanceof Error ? error.stack : error}`);
          outcomes.refused += 1;
        }
      }
      expect(outcomes.refused).toBeGreaterThan(COUNT / 20);
    });
  }
});
