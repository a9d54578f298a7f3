import { describe, expect, it } from 'vitest';
import { expected, fixture, numbersOf, openCheckpoint, tensorOf } from '../checkpoints';

interface Variable {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly trainable?: boolean;
}
type Variables = Readonly<Record<string, Variable>>;

describe.each([
  ['keras.h5', 'keras.expected.json'],
  ['keras.weights.h5', 'keras.expected.json'],
  ['keras.keras', 'keras.expected.json'],
  ['bfloat16.weights.h5', 'bfloat16.expected.json'],
])('weights that Keras saved: %s', (name, answers) => {
  const bytes = fixture(name);
  const variables = expected<Variables>(answers);
  // Without the configuration nobody can tell a lone scale from a lone offset.
  // A model's own name is no part of its layers'.
  const nameOf = (variable: string) =>
    name === 'keras.weights.h5' && variable === 'norm/gamma' ? 'norm/0' : variable.replace(/^sequential\//, '');

  it('have the names, shapes and values of the variables', async () => {
    const checkpoint = await openCheckpoint(bytes, name);
    expect(checkpoint.findings).toEqual([]);
    for (const [variable, { shape, values }] of Object.entries(variables)) {
      const tensor = tensorOf(checkpoint, nameOf(variable));
      expect(tensor.shape, variable).toEqual(shape);
      expect(await numbersOf(tensor, bytes), variable).toEqual(values);
    }
  });

  it('are all of it beside the state of the optimizer', async () => {
    const { tensors } = await openCheckpoint(bytes, name);
    const own = tensors.filter((tensor) => !tensor.name.startsWith('optimizer'));
    expect(own.map((tensor) => tensor.name).sort()).toEqual(Object.keys(variables).map(nameOf).sort());
  });

  it('say which are not learned', async () => {
    const { tensors } = await openCheckpoint(bytes, name);
    const buffers = tensors.filter((tensor) => tensor.role === 'buffer').map((tensor) => tensor.name);
    const kept = Object.entries(variables).filter(([, { trainable }]) => trainable === false);
    expect(buffers.sort()).toEqual(kept.map(([variable]) => variable).sort());
  });
});

it('the version and the configuration of a whole model are metadata', async () => {
  for (const name of ['keras.h5', 'keras.keras']) {
    const { metadata } = await openCheckpoint(fixture(name), name);
    expect(metadata['keras_version']).toMatch(/^3\.\d+\.\d+$/);
    expect(JSON.parse(metadata['model_config'] ?? '')).toMatchObject({ class_name: 'Functional' });
  }
});
