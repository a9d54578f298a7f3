import { describe, expect, it } from 'vitest';
import { BufferSource, LIMITS, LimitError } from '../../../../src/bytes';
import { openModel } from '../../../../src/formats/registry';
import { external, model, node, value } from '../../../fixtures/onnx';

/** A length-delimited field. */
function field(number: number, content: Uint8Array): Uint8Array {
  const header = [(number << 3) | 2];
  let length = content.length;
  for (; length > 127; length = Math.floor(length / 128)) header.push((length & 127) | 128);
  header.push(length);
  const bytes = new Uint8Array(header.length + content.length);
  bytes.set(header);
  bytes.set(content, header.length);
  return bytes;
}

/** The same bytes again and again. */
function repeated(count: number, item: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(count * item.length);
  for (let at = 0; at < count; at++) bytes.set(item, at * item.length);
  return bytes;
}

/** A small model whose graph goes on with these fields: protobuf merges the two. */
function extended(content: Uint8Array): Uint8Array {
  const small = model({ inputs: [value('x', 'float32', [1])], outputs: [value('y', 'float32')], nodes: [node('Relu', ['x'], ['y'])] });
  const more = field(7, content);
  const bytes = new Uint8Array(small.length + more.length);
  bytes.set(small);
  bytes.set(more, small.length);
  return bytes;
}

const EMPTY = new Uint8Array(0);
const open = (bytes: Uint8Array) => openModel(new BufferSource(bytes), { name: 'm.onnx' });

// Fields of GraphProto: node 1, initializer 5, value_info 13, quantization_annotation 14; of NodeProto: attribute 5; of AttributeProto: ints 8.
describe('a file of two bytes an entry is refused in one sentence', () => {
  it.each<[string, keyof typeof LIMITS, (most: number) => Uint8Array]>([
    ['operators', 'nodes', (most) => repeated(most + 1, field(1, EMPTY))],
    ['declared values', 'values', (most) => repeated(most + 1, field(13, EMPTY))],
    ['tensors', 'tensors', (most) => repeated(most + 1, field(5, EMPTY))],
    ['attributes', 'attributes', (most) => field(1, repeated(most + 1, field(5, EMPTY)))],
    ['entries', 'messages', (most) => repeated(most + 1, field(14, EMPTY))],
    ['elements', 'elements', (most) => field(1, field(5, field(8, new Uint8Array(most + 1))))],
  ])('%s', { timeout: 240_000 }, async (what, name, content) => {
    const opening = open(extended(content(LIMITS[name])));
    await expect(opening).rejects.toThrow(LimitError);
    await expect(opening).rejects.toThrow(new RegExp(`^m\\.onnx has more than ${LIMITS[name]} ${what}`));
    await expect(opening).rejects.toMatchObject({ limit: { name, value: LIMITS[name] } });
  });

  it('and opened up to the limit', { timeout: 240_000 }, async () => {
    const opened = await open(extended(repeated(100_000, field(1, EMPTY))));
    expect(opened.graph.nodes).toHaveLength(100_001);
  });
});

it('files beside the model are looked for up to the limit, and a sentence says so', { timeout: 120_000 }, async () => {
  const weights = Array.from({ length: LIMITS.externalFiles + 50 }, (_, i) => external(`w${i}`, 'float32', [1], `${i}.bin`));
  const bytes = model({
    inputs: [value('x', 'float32', [1])],
    outputs: [value('y', 'float32')],
    initializers: weights,
    nodes: [node('Relu', ['x'], ['y'])],
  });
  let looked = 0;
  const opened = await openModel(new BufferSource(bytes), {
    name: 'm.onnx',
    openSibling: async () => {
      looked++;
      return null;
    },
  });
  expect(looked).toBe(LIMITS.externalFiles);
  expect(opened.findings.map(({ message }) => message)).toContain(
    `The model names ${LIMITS.externalFiles + 50} files beside it; only the first ${LIMITS.externalFiles} were looked for.`,
  );
  expect(opened.graph.initializers.at(-1)?.storage.kind).toBe('missing');
});
