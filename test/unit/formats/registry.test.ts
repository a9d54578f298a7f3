import { describe, expect, it } from 'vitest';
import { BufferSource, FormatError, LimitError } from '../../../src/bytes';
import { writeVarint } from '../../../src/formats/protobuf/wire';
import { openArtifact, openModel } from '../../../src/formats/registry';
import { hasGraph } from '../../../src/model';
import { graph, model, node, pack, rawTensor, value } from '../../fixtures/onnx';
import { concat, open } from './support';

const text = (value: string) => new TextEncoder().encode(value);

const GOOD = model({
  inputs: [value('x', 'float32', [1])],
  outputs: [value('y', 'float32', [1])],
  nodes: [node('Add', ['x', 'w'], ['y'], {}, { name: 'sum' })],
  initializers: [rawTensor('w', 'float32', [1000], pack('float32', new Array(1000).fill(1)))],
});

async function problem(bytes: Uint8Array, name = 'model.onnx'): Promise<Error> {
  const outcome = await openModel(new BufferSource(bytes), { name }).catch((error: unknown) => error);
  if (outcome instanceof FormatError || outcome instanceof LimitError) return outcome;
  throw new Error(`expected a refusal, got ${outcome}`);
}

describe('a file that is no model', () => {
  const zeros = new Uint8Array(64);
  const cases: [string, Uint8Array, RegExp][] = [
    ['empty', new Uint8Array(0), /^model\.onnx is empty\.$/],
    [
      'a Git LFS pointer',
      text('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n'),
      /Git LFS pointer.*"git lfs pull"/,
    ],
    ['a text', text('Hello, this is not a model.\r\n'), /is a text file, not a model\.$/],
    ['a text with umlauts', text('Größe: 3 Gänse'), /is a text file/],
    ['blanks', text('  \n \n'), /blank/],
    ['a web page', text('<!DOCTYPE html>\n<html><body>404</body></html>'), /web page/],
    ['JSON', text('{"a": 1}'), /JSON/],
    ['a zip', concat(text('PK\x03\x04'), zeros), /zip archive/],
    ['HDF5', concat(Uint8Array.of(0x89), text('HDF\r\n\x1a\n'), zeros), /HDF5/],
    [
      'a damaged pickle',
      concat(Uint8Array.of(0x80, 4, 0x95), zeros),
      /is no checkpoint of PyTorch: The pickle is damaged at byte 11: byte 0x00 is no opcode/,
    ],
    ['GGUF', concat(text('GGUF'), zeros), /GGUF/],
    ['TensorFlow Lite', concat(Uint8Array.of(28, 0, 0, 0), text('TFL3'), zeros), /TensorFlow Lite/],
    ['ONNX Runtime format', concat(Uint8Array.of(28, 0, 0, 0), text('ORTM'), zeros), /ONNX Runtime's own format/],
    ['a PNG', concat(Uint8Array.of(0x89), text('PNG\r\n\x1a\n'), zeros), /PNG image/],
    ['gzip', concat(Uint8Array.of(0x1f, 0x8b), zeros), /gzip/],
    ['another protobuf', Uint8Array.of(0x0a, 2, 8, 1), /damaged at byte 0, in ir_version: the field cannot have wire type 2/],
    ['protobuf without a graph', Uint8Array.of(8, 8), /holds no graph/],
    ['zeros', zeros, /damaged at byte 0.*no field with tag 0/],
  ];
  for (const [what, bytes, message] of cases) {
    it(`${what}: says so in one sentence`, async () => {
      const error = await problem(bytes);
      expect(error.message).toMatch(message);
      expect(error.message.trim().endsWith('.')).toBe(true);
    });
  }

  it('another extension is refused with the ones that can be opened', async () => {
    expect((await problem(GOOD, 'model.xyz')).message).toMatch(
      /^model\.xyz is no model of a format that can be opened here \(\.onnx, \.safetensors, .*\)\.$/,
    );
    expect((await problem(concat(text('GGUF'), zeros), 'a.gguf')).message).toMatch(/GGUF/);
  });

  it('the extension may be in capitals', async () => {
    expect((await open(GOOD, {}, 'MODEL.ONNX')).format).toBe('onnx');
  });
});

describe('a file without a graph', () => {
  const checkpoint = concat(Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0), text('{}'));

  it('is a checkpoint by its first bytes, whatever its name', async () => {
    const artifact = await openArtifact(new BufferSource(checkpoint), { name: 'weights.onnx' });
    expect([hasGraph(artifact), artifact.format]).toEqual([false, 'safetensors']);
    expect(hasGraph(await openArtifact(new BufferSource(GOOD), { name: 'weights.onnx' }))).toBe(true);
  });

  it('says what it is where a model is needed', async () => {
    const opening = openModel(new BufferSource(checkpoint), { name: 'weights.safetensors' });
    await expect(opening).rejects.toMatchObject({
      name: 'UserError',
      message: 'weights.safetensors holds 0 tensors and no graph (safetensors); this needs a model with a graph, such as ONNX.',
    });
  });
});

describe('a damaged model', () => {
  it('truncated within weights: says at which byte and in which field', async () => {
    const error = await problem(GOOD.subarray(0, 2000));
    expect(error).toMatchObject({ where: { offset: 2000, field: 'graph.initializer.raw_data' } });
    expect(error.message).toMatch(/truncated: it ends at byte 2000 inside graph\.initializer\.raw_data/);
  });

  it('truncated anywhere is told from a whole one', async () => {
    const lengths = [1, 2, 5, 11, 20, 40, 60, 80, GOOD.length - 20, GOOD.length - 1];
    for (const length of lengths) expect((await problem(GOOD.subarray(0, length))).message, `${length}`).toMatch(/truncated|no graph/);
  });

  it('a length that passes its message names byte and field', async () => {
    // graph { node { input: <5 bytes> } } with the node 3 bytes long.
    const error = await problem(Uint8Array.of(8, 8, 0x3a, 5, 0x0a, 3, 0x0a, 5, 65));
    expect(error).toMatchObject({ where: { offset: 7, field: 'graph.node.input' } });
    expect(error.message).toBe(
      'model.onnx is damaged at byte 7, in graph.node.input: its length of 5 bytes passes the end of the message around it.',
    );
  });

  it('subgraphs nested without end are refused by a limit', async () => {
    let inner = graph({ nodes: [node('Neg', ['x'], ['y'])] });
    for (let depth = 0; depth < 60; depth += 1) inner = graph({ nodes: [node('If', ['x'], ['y'], { then_branch: inner })] });
    const error = await problem(model({ nodes: [node('If', ['x'], ['y'], { then_branch: inner })] }));
    expect(error).toBeInstanceOf(LimitError);
    expect(error.message).toMatch(/nests more than 100 messages/);
  });

  it('types nested three thousand times are refused by a limit', async () => {
    let type: Uint8Array = new Uint8Array(0);
    // In turn TypeProto.sequence_type (4) and Sequence.elem_type (1).
    for (let depth = 0; depth < 3000; depth += 1) type = field(depth % 2 === 0 ? 1 : 4, type);
    const error = await problem(concat(Uint8Array.of(8, 8), field(7, field(11, field(2, type)))));
    expect(error).toBeInstanceOf(LimitError);
  });
});

/** A length-delimited field of a message. */
function field(number: number, content: Uint8Array): Uint8Array {
  return concat(Uint8Array.from([...writeVarint(number * 8 + 2), ...writeVarint(content.length)]), content);
}
