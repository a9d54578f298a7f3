import { describe, expect, it } from 'vitest';
import { chooseLabels, fitLabels } from '../../../src/vision/labels';

const names = (sources: Partial<Parameters<typeof chooseLabels>[0]>) => chooseLabels({ metadata: {}, ...sources }).names;
const list = (text: string) => names({ list: { file: 'labels.txt', text } });

describe('chooseLabels', () => {
  it('id2label of config.json, by number and not by position', () => {
    const text = '{"id2label": {"2": "goldfish", "0": "tench", "1": "goldfinch, Carduelis carduelis"}}';
    expect(chooseLabels({ metadata: {}, config: { file: 'config.json', text } })).toEqual({
      names: ['tench', 'goldfinch, Carduelis carduelis', 'goldfish'],
      source: 'config.json',
    });
  });

  it("is not disturbed by another tool's config.json", () => {
    expect(names({ config: { file: 'config.json', text: '// settings' } })).toEqual([]);
  });

  it('lines of a file, with or without numbers, WordNet ids and a byte order mark', () => {
    expect(list('tench\ngoldfish\n')).toEqual(['tench', 'goldfish']);
    expect(list('\uFEFFn01440764 tench, Tinca tinca\r\nn01443537 goldfish\r\n')).toEqual(['tench, Tinca tinca', 'goldfish']);
    expect(list('0: tench\n1: goldfish')).toEqual(['tench', 'goldfish']);
    expect(list('0,tench\n1,goldfish')).toEqual(['tench', 'goldfish']);
    expect(list('7 up\n8 ball')).toEqual(['7 up', '8 ball']);
  });

  it("the model's own list comes first", () => {
    const metadata = { 'model_loupe.labels': '["circle", "square"]', names: 'a,b' };
    expect(chooseLabels({ metadata, list: { file: 'labels.txt', text: 'x\ny' } })).toEqual({
      names: ['circle', 'square'],
      source: 'model metadata',
    });
  });

  it.each([
    ["{0: 'person', 1: \"teacher's pet\", 2: 'a, b: {c}'}", ['person', "teacher's pet", 'a, b: {c}']],
    ["['person', 'it\\'s']", ['person', "it's"]],
    ['{"0": "person", "1": "bicycle"}', ['person', 'bicycle']],
    ['{"person": 0, "bicycle": 1}', ['person', 'bicycle']],
    ['person, bicycle', ['person', 'bicycle']],
    ['person\nbicycle', ['person', 'bicycle']],
    ["{0: 'person', 2: 'bicycle'}", []],
    ['{0: print(1)}', []],
    ['{broken', []],
  ])('names as %j', (text, expected) => {
    expect(names({ metadata: { names: text } })).toEqual(expected);
  });
});

describe('fitLabels', () => {
  it('takes exact matches, and 1000 names behind a background class', () => {
    expect(fitLabels(['a', 'b'], 2)).toEqual(['a', 'b']);
    expect(fitLabels(['a', 'b'], 3)).toBeNull();
    const thousand = Array.from({ length: 1000 }, (_, index) => `c${index}`);
    expect(fitLabels(thousand, 1001)?.slice(0, 2)).toEqual(['background', 'c0']);
  });
});
