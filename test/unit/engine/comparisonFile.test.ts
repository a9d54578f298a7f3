import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { editLoupe, MAX_MODELS, newLoupe, parseLoupe } from '../../../src/engine/comparisonFile';

const models = (...entries: unknown[]) => JSON.stringify({ models: entries });
const first = (entry: unknown) => parseLoupe(models(entry)).entries[0];

describe('parseLoupe', () => {
  it('reads paths, files with settings, and reference systems', () => {
    const { entries, baseline } = parseLoupe(
      JSON.stringify({
        models: [
          'a/b.onnx',
          { file: '../c.onnx', label: 'C', bindings: { batch: 2 } },
          { architecture: 'CoAtNet-0', knobs: { imageSize: 384 } },
        ],
        baseline: 'C',
      }),
    );
    expect(entries).toEqual([
      { kind: 'file', file: 'a/b.onnx', label: 'b.onnx', bindings: {} },
      { kind: 'file', file: '../c.onnx', label: 'C', bindings: { batch: 2 } },
      { kind: 'architecture', variant: 'CoAtNet-0', label: 'CoAtNet-0', knobs: { imageSize: 384 } },
    ]);
    expect(baseline).toBe(1);
  });

  it.each([['/etc/passwd'], ['C:\\models\\a.onnx'], ['\\\\server\\a.onnx'], ['file:///a.onnx'], ['https://example.com/a.onnx']])(
    'refuses %s',
    (path) => {
      expect(first(path)).toMatchObject({ kind: 'wrong', error: expect.stringContaining('is not relative') });
    },
  );

  it.each(Object.getOwnPropertyNames(Object.prototype))('takes %s for a name like any other, wherever one stands', (name) => {
    const text = JSON.stringify({
      models: [
        name,
        { file: `${name}/${name}`, label: `the ${name}` },
        { architecture: name, label: name },
        { architecture: 'ResNet-50' },
        { file: 'a.onnx' },
        { label: 'neither' },
      ],
      baseline: `the ${name}`,
    })
      .replace('"architecture":"ResNet-50"', `"architecture":"ResNet-50","knobs":{"${name}":1}`)
      .replace('"file":"a.onnx"', `"file":"a.onnx","bindings":{"${name}":7}`)
      .replace('"label":"neither"', `"label":"neither","${name}":{"file":"b.onnx"}`);
    const { entries, baseline } = parseLoupe(text);
    expect(baseline).toBe(1);
    expect(entries.map(({ kind, label }) => [kind, label])).toEqual([
      ['file', name],
      ['file', `the ${name}`],
      ['architecture', name],
      ['architecture', 'ResNet-50'],
      ['file', 'a.onnx'],
      ['wrong', 'neither'],
    ]);
    const [, , , reference, file] = entries;
    expect(reference?.kind === 'architecture' && Object.entries(reference.knobs)).toEqual([[name, 1]]);
    expect(file?.kind === 'file' && Object.entries(file.bindings)).toEqual([[name, 7]]);
    // What is written again says the same.
    expect(parseLoupe(newLoupe(entries.slice(0, 5), 1)).entries).toEqual(entries.slice(0, 5));
    expect(JSON.parse(editLoupe(text, { kind: 'baseline', index: 2 })).models).toEqual(JSON.parse(text).models);
  });

  it.each([
    [7, 'models[0] is neither a path nor an object'],
    [{}, 'names neither a "file" nor an "architecture"'],
    [{ file: 'a.onnx', bindings: { batch: 0 } }, 'The binding "batch" of models[0] is not a whole number'],
    [{ architecture: 'ResNet-50', knobs: { depth: null } }, 'The knob "depth" of models[0]'],
    [{ file: 'a.onnx', label: 3 }, 'The label of models[0] is not a text'],
    ['', 'models[0] names no file'],
  ])('leaves a wrong entry in its place: %j', (entry, message) => {
    const { entries } = parseLoupe(models('good.onnx', entry).replace('"good.onnx",', ''));
    expect(entries[0]).toMatchObject({ kind: 'wrong', error: expect.stringContaining(message) });
    expect(parseLoupe(models('good.onnx', entry)).entries[0]).toMatchObject({ kind: 'file' });
  });

  it.each([
    ['{"models": [', 'not valid JSON'],
    ['[]', 'a list "models"'],
    ['{"models": {}}', 'a list "models"'],
    [models(...Array.from({ length: MAX_MODELS + 1 }, () => 'a.onnx')), `at most ${MAX_MODELS}`],
  ])('says what is wrong with the file', (text, message) => {
    expect(() => parseLoupe(text)).toThrow(message);
  });

  it('takes an empty file for an empty comparison, and a baseline that is not there for the first', () => {
    expect(parseLoupe('')).toEqual({ entries: [], baseline: 0 });
    expect(parseLoupe('{"models": ["a.onnx"], "baseline": 9}').baseline).toBe(0);
  });
});

describe('editLoupe', () => {
  const text = '{"$schema": "s", "models": ["a.onnx", "b.onnx", "c.onnx"], "baseline": 2}';

  it('keeps everything else in the file', () => {
    const edited = editLoupe(text, {
      kind: 'add',
      entries: [{ kind: 'architecture', variant: 'ResNet-50', label: 'ResNet-50', knobs: {} }],
    });
    expect(JSON.parse(edited)).toEqual({
      $schema: 's',
      models: ['a.onnx', 'b.onnx', 'c.onnx', { architecture: 'ResNet-50' }],
      baseline: 2,
    });
  });

  it('keeps the baseline on its model when another is removed', () => {
    expect(JSON.parse(editLoupe(text, { kind: 'remove', index: 0 }))).toMatchObject({ models: ['b.onnx', 'c.onnx'], baseline: 1 });
    expect(JSON.parse(editLoupe(text, { kind: 'remove', index: 2 }))).toMatchObject({ models: ['a.onnx', 'b.onnx'], baseline: 0 });
    expect(JSON.parse(editLoupe(text, { kind: 'baseline', index: 1 }))).toMatchObject({ baseline: 1 });
  });

  it('reads what it writes', () => {
    const { entries } = parseLoupe(
      models('a.onnx', { file: 'b.onnx', label: 'B', bindings: { n: 3 } }, { architecture: 'ViT-B/16', knobs: { heads: 6 } }),
    );
    expect(parseLoupe(newLoupe(entries, 2))).toEqual({ entries, baseline: 2 });
  });
});

it('the shipped schema names every property that is read', () => {
  const schema = JSON.parse(readFileSync('schemas/loupe.schema.json', 'utf8')) as {
    properties: { models: { maxItems: number; items: { oneOf: { properties?: object }[] } } };
  };
  expect(Object.keys(schema.properties)).toEqual(['$schema', 'models', 'baseline']);
  expect(schema.properties.models.maxItems).toBe(MAX_MODELS);
  const keys = schema.properties.models.items.oneOf.map(({ properties = {} }) => Object.keys(properties));
  expect(keys).toEqual([[], ['file', 'label', 'bindings'], ['architecture', 'label', 'knobs']]);
});
