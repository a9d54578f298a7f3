import { describe, expect, it } from 'vitest';
import { graph, model, node, tensor, value } from '../../fixtures/onnx';
import { cli, scratch } from './support';

const { file, folder } = scratch();

/** 16 kHz: 2 x 8 by 8 x 4, 64 multiply-adds; else 2 x 8 by 8 x 2, 32, and a concatenation of what does not fit. */
const rated = () => {
  const product = (name: string, width: number, more: ReturnType<typeof node>[] = []) =>
    graph({
      outputs: [value(name, 'float32', [2, width])],
      initializers: [tensor(`${name}_w`, 'float32', [8, width], new Array<number>(8 * width).fill(1))],
      nodes: [node('MatMul', ['x', `${name}_w`], [name]), ...more],
    });
  return file(
    'rated.onnx',
    model({
      nodes: [
        node('Equal', ['sr', 'rate'], ['fast']),
        node('If', ['fast'], ['y'], {
          then_branch: product('wide', 4),
          else_branch: product('narrow', 2, [node('Concat', ['x', 'narrow'], ['odd'], { axis: 5 })]),
        }),
      ],
      inputs: [value('x', 'float32', [2, 8]), value('sr', 'int64', [])],
      outputs: [value('y', 'float32', [2, 'n'])],
      initializers: [tensor('rate', 'int64', [], [16000])],
      opset: 17,
      ir: 8,
    }),
  );
};

const macs = (stdout: string) => JSON.parse(stdout).totals.macs;

describe('profile --value', () => {
  it('counts the branch that the value decides for, and leaves the other one alone', async () => {
    const fast = await cli('profile', rated(), '--value', 'sr=16000', '--json');
    expect(macs(fast.stdout)).toBe(64);
    expect(fast.stderr).toBe('');
    const slow = await cli('profile', rated(), '--value', 'sr=8000', '--json');
    expect(macs(slow.stdout)).toBe(32);
    expect(slow.stderr).toMatch(/^warning: Concat.*axis/);
    expect(slow.stderr).not.toContain('may not be taken');
  });

  it('says without one that a warning stands in a branch that may not be taken', async () => {
    const { stdout, stderr } = await cli('profile', rated(), '--json');
    expect(macs(stdout)).toBe(64);
    expect(stderr).toMatch(/^warning: Concat.* It stands in a branch that may not be taken\./);
  });

  it('takes numbers and shape from a file of NumPy', async () => {
    const table = file(
      'table.onnx',
      model({
        nodes: [node('Gather', ['w', 'tokens'], ['x']), node('MatMul', ['x', 'h'], ['y'])],
        inputs: [value('tokens', 'int64', ['batch', 'length'])],
        outputs: [value('y', 'float32', ['batch', 'length', 4])],
        initializers: [
          tensor('w', 'float32', [9, 3], new Array<number>(27).fill(1)),
          tensor('h', 'float32', [3, 4], new Array<number>(12).fill(1)),
        ],
        opset: 17,
        ir: 8,
      }),
    );
    // As numpy.save writes numpy.arange(10).reshape(2, 5): version 1.0, header padded to 64 bytes.
    const header = "{'descr': '<i8', 'fortran_order': False, 'shape': (2, 5), }";
    const head = Buffer.concat([Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1'), Buffer.from(`${header.padEnd(117)}\n`)]);
    const numbers = Buffer.from(BigInt64Array.from({ length: 10 }, (_, at) => BigInt(at % 9)).buffer);
    const tokens = file('tokens.npy', Buffer.concat([head, numbers]));
    const { stdout, stderr } = await cli('profile', table, '--value', `tokens=@${tokens}`, '--json');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout).model.inputs[0].shape).toEqual([2, 5]);
    expect(macs(stdout)).toBe(2 * 5 * 3 * 4);
  });

  it.each([
    ['another number of elements', 'x=1,2,3', 1, /"x" has 16 elements, and 3 values were given/],
    ['an input that is not there', 'rate=8000', 1, /no input "rate" to give a value; its inputs are: "x", "sr"/],
    ['no number', 'sr=fast', 2, /--value sr=fast is not NAME=NUMBER/],
    ['nothing', 'sr=', 2, /is not NAME=NUMBER/],
    ['a file that is not there', `sr=@${folder}/none.npy`, 1, /none\.npy cannot be read \(ENOENT\)/],
    ['a file of another kind', 'sr=@package.json', 1, /package\.json is no \.npy file/],
  ])('refuses %s', async (_, given, status, message) => {
    const outcome = await cli('profile', rated(), '--value', given);
    expect(outcome.status).toBe(status);
    expect(outcome.stderr).toMatch(message);
  });
});

describe('profile --measure', () => {
  it('feeds integers that the graph runs with: a step that is not 0', async () => {
    const steps = file(
      'steps.onnx',
      model({
        nodes: [node('Range', ['zero', 'ten', 'step'], ['y'])],
        inputs: [value('step', 'int64', [])],
        outputs: [value('y', 'int64', ['n'])],
        initializers: [tensor('zero', 'int64', [], [0]), tensor('ten', 'int64', [], [10])],
        opset: 17,
        ir: 8,
      }),
    );
    const { status, stderr } = await cli('profile', steps, '--measure', '--provider', 'cpu', '--runs', '1');
    expect({ status, stderr: stderr.replace(/^warning: .*\n/gm, '') }).toEqual({ status: 0, stderr: '' });
    expect((await cli('profile', steps, '--measure', '--provider', 'cpu', '--runs', '1', '--value', 'step=0')).status).toBe(1);
  });
});
