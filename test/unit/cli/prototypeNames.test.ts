import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../src/engine/engine';
import { needsModel } from '../../../src/engine/needsModel';
import { external, graph, localFunction, type ModelSpec, model, node, reference, tensor, value } from '../../fixtures/onnx';
import { context } from '../engine/runSupport';
import { cli, scratch } from './support';

/**
 * Names that every plain object seems to know. A file may use each of them wherever a name can stand, and everything
 * said of it must be what is said of the same file with another name.
 */
const NAMES = Object.getOwnPropertyNames(Object.prototype);
const PLAIN = 'zzplainzz';
const engine = createEngine();
const { file } = scratch();

const x = value('x', 'float32', [1, 3, 8, 8]);
const y = value('y', 'float32');
const weight = tensor('w', 'float32', [3], [1, 2, 3]);
const add = node('Add', ['x', 'w'], ['y']);
const one = (key: string, entry = 'text') => Object.fromEntries([[key, entry]]);

/** A file with `name` in one place. */
const PLACES: Readonly<Record<string, (name: string) => ModelSpec>> = {
  'an input': (name) => ({ inputs: [value(name, 'float32', [1, 3])], outputs: [y], nodes: [node('Relu', [name], ['y'])] }),
  'an input with free dimensions': (name) => ({
    inputs: [value(name, 'float32', [null, 3])],
    outputs: [y],
    nodes: [node('Relu', [name], ['y'])],
  }),
  'an output': (name) => ({ inputs: [x], outputs: [value(name, 'float32')], nodes: [node('Relu', ['x'], [name])] }),
  'a free dimension': (name) => ({ inputs: [value('x', 'float32', [name, 3, name])], outputs: [y], nodes: [node('Relu', ['x'], ['y'])] }),
  'a sum of free dimensions': (name) => ({
    inputs: [value('a', 'float32', [name]), value('x', 'float32', [`${name} + 1`])],
    outputs: [y],
    nodes: [node('Relu', ['x'], ['y'])],
  }),
  'a dimension of an intermediate value': (name) => ({
    inputs: [value('x', 'float32', null)],
    outputs: [value('y', 'float32', [name])],
    nodes: [node('Relu', ['x'], ['y'])],
  }),
  'an initializer': (name) => ({
    inputs: [x],
    outputs: [y],
    initializers: [tensor(name, 'float32', [8], new Array<number>(8).fill(1))],
    nodes: [node('Add', ['x', name], ['y'])],
  }),
  'an intermediate value': (name) => ({
    inputs: [x],
    outputs: [y],
    values: [value(name, 'float32')],
    nodes: [node('Relu', ['x'], [name]), node('Relu', [name], ['y'])],
  }),
  'a value nobody makes': (name) => ({ inputs: [x], outputs: [y], nodes: [node('Add', ['x', name], ['y'])] }),
  'a node': (name) => ({ inputs: [x], outputs: [y], nodes: [node('Relu', ['x'], ['y'], {}, { name })] }),
  'an operator': (name) => ({ inputs: [x], outputs: [y], nodes: [node(name, ['x'], ['y'])] }),
  'a domain': (name) => ({
    inputs: [x],
    outputs: [y],
    nodes: [node('Relu', ['x'], ['y'], {}, { domain: name })],
    opset: { '': 21, ...one2(name) },
  }),
  'a domain without a version': (name) => ({ inputs: [x], outputs: [y], nodes: [node('Relu', ['x'], ['y'], {}, { domain: name })] }),
  'an attribute': (name) => ({ inputs: [x], outputs: [y], nodes: [node('Relu', ['x'], ['y'], Object.fromEntries([[name, 3]]))] }),
  'a body': (name) => ({
    inputs: [x, value('c', 'bool', [])],
    outputs: [y],
    nodes: [
      node('If', ['c'], ['y'], {
        then_branch: graph({ outputs: [value(name, 'float32')], nodes: [node('Relu', ['x'], [name])] }),
        else_branch: graph({ outputs: [value('e', 'float32')], nodes: [node('Neg', ['x'], ['e'])] }),
      }),
    ],
  }),
  'a function': (name) => calling({ name, domain: 'local', input: 'a', attribute: 'k' }),
  'a domain of functions': (name) => calling({ name: 'F', domain: name, input: 'a', attribute: 'k' }),
  "a function's input": (name) => calling({ name: 'F', domain: 'local', input: name, attribute: 'k' }),
  "a function's attribute": (name) => calling({ name: 'F', domain: 'local', input: 'a', attribute: name }),
  'a key of metadata': (name) => ({
    inputs: [x],
    outputs: [y],
    nodes: [node('Relu', ['x'], ['y'], {}, { metadata: one(name) })],
    modelMetadata: one(name),
    metadata: one(name),
  }),
  'a file beside the model': (name) => ({ inputs: [x], outputs: [y], initializers: [external('w', 'float32', [8], name)], nodes: [add] }),
  'a quantised value': (name) => ({
    inputs: [x],
    outputs: [y],
    initializers: [weight],
    quantization: Object.fromEntries([[name, one(name, 'w')]]),
    nodes: [node('Relu', ['x'], ['y'])],
  }),
};

function one2(domain: string): Readonly<Record<string, number>> {
  return Object.fromEntries([[domain, 1]]);
}

function calling(names: { readonly name: string; readonly domain: string; readonly input: string; readonly attribute: string }): ModelSpec {
  const body = [node('LeakyRelu', [names.input], ['b'], { alpha: reference(names.attribute) })];
  const made = localFunction({
    name: names.name,
    domain: names.domain,
    inputs: [names.input],
    outputs: ['b'],
    attributes: [names.attribute],
    nodes: body,
  });
  return {
    inputs: [x],
    outputs: [y],
    nodes: [node(names.name, ['x'], ['y'], Object.fromEntries([[names.attribute, 3]]), { domain: names.domain })],
    functions: [made],
    opset: { '': 21, ...one2(names.domain) },
  };
}

/** The file filled up to one size by a field that ONNX does not know, so that its length tells nothing of the name's. */
function filled(bytes: Uint8Array): Uint8Array {
  const all = new Uint8Array(4096);
  all.set(bytes);
  const rest = all.length - bytes.length - 4;
  // Field 1000, length-delimited, with its length in two bytes.
  all.set([0xc2, 0x3e, (rest & 127) | 128, rest >> 7], bytes.length);
  return all;
}

/** Everything the engine and the command line say of a file. */
async function said(path: string, other: string): Promise<readonly string[]> {
  const { handle, profile } = needsModel(await engine.open({ model: { kind: 'file', path } }, context));
  const levels = [await engine.graph({ handle, group: '' }, context)];
  for (const level of levels) {
    for (const box of level.boxes) if (box.kind === 'group') levels.push(await engine.graph({ handle, group: box.id }, context));
  }
  const details = [];
  for (const { id } of profile.nodes)
    details.push([await engine.details({ handle, node: id }, context), await engine.groupsOf({ handle, node: id }, context)]);
  const tensors = await engine.tensors({ handle, from: 0 }, context);
  const texts = [JSON.stringify([profile, levels, details, tensors])];
  const commands: readonly (readonly string[])[] = [
    ['inspect', path, '--json'],
    ['inspect', path],
    ['profile', path, '--group', 'op'],
    ['profile', path, '--group', 'node', '--markdown'],
    ['compare', path, other, '--format', 'html'],
    ['compare', path, other, '--diff', '--format', 'md'],
    ['textconv', path],
  ];
  for (const command of commands) {
    const { status, stdout, stderr } = await cli(...command);
    texts.push(`${command.slice(0, 1)} ${status}\n${stdout}\n${stderr}`);
  }
  return texts;
}

/** The words of a text: the same whatever the name's length, its place among others, and its escapes in Markdown. */
function normal(text: string, name: string): readonly string[] {
  return text
    .replaceAll('\\_', '_')
    .replaceAll(name, PLAIN)
    .replaceAll(/--+/g, '--')
    .split(/[\s,<]+/)
    .sort();
}

describe.each(Object.entries(PLACES))('a name of every object, given to %s', (_place, spec) => {
  it('says what another name would', { timeout: 240_000 }, async () => {
    const other = file('other.onnx', model(spec('zzotherzz')));
    // One path for all: some texts name it.
    const path = (name: string) => file('named.onnx', filled(model({ ...spec(name), doc: name })));
    const plain = (await said(path(PLAIN), other)).map((text) => normal(text, PLAIN));
    for (const name of NAMES) {
      const found = (await said(path(name), other)).map((text) => normal(text, name));
      expect(found, name).toEqual(plain);
    }
  });
});

describe.each(NAMES)('--bind %s', (name) => {
  const free = (dimension: string) =>
    file(
      `${dimension === name ? 'named' : 'other'}.onnx`,
      model({ inputs: [value('x', 'float32', [dimension, 3])], outputs: [y], nodes: [node('Relu', ['x'], ['y'])] }),
    );

  it('gives the free dimension of that name a number', async () => {
    const { status, stdout } = await cli('profile', free(name), '--bind', `${name}=5`, '--json');
    expect(status).toBe(0);
    const profile = JSON.parse(stdout) as { readonly bindings: object; readonly model: { readonly outputs: readonly unknown[] } };
    expect(Object.entries(profile.bindings)).toEqual([[name, { value: 5, assumed: false }]]);
    expect(profile.model.outputs).toMatchObject([{ shape: [5, 3] }]);
  });

  it('is refused where there is none', async () => {
    const { status, stderr } = await cli('profile', free('batch'), '--bind', `${name}=5`, '--json');
    expect(status).not.toBe(0);
    expect(stderr).toContain(`The model has no free dimension "${name}"; its free dimensions are: "batch".`);
  });
});
