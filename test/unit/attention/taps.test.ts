import { describe, expect, it } from 'vitest';
import type { Block } from '../../../src/analysis/profile';
import { attentionLabels } from '../../../src/attention/labels';
import { attentionTaps } from '../../../src/attention/taps';
import type { Graph } from '../../../src/model';
import { core } from './support';

function graph(outputs: readonly string[]): Graph {
  const nodes = outputs.map((output, index) => ({
    id: `n${index}`,
    name: '',
    op: 'Softmax',
    domain: '',
    inputs: [],
    outputs: [output],
    attributes: {},
  }));
  return { name: '', inputs: [], outputs: [], values: [], initializers: [], sparseInitializers: [], nodes, quantization: [] };
}

const totals = { parameters: 0, trainableParameters: 0, buffers: 0, macs: 0, flops: 0, weightBytes: 0, activationBytes: 0 };
function block(id: string, kind: string, label: string, children: readonly Block[] = []): Block {
  return { id, kind, label, repeat: 1, attributes: {}, totals, nodes: [], children };
}

describe('attentionTaps', () => {
  it("taps the probabilities, labelled by their blocks, in the graph's order", () => {
    const cores = [core({ block: 'a', probabilities: 'p' }), core({ block: 'b', probabilities: 'q' })];
    const blocks = [block('outer', 'scope', 'encoder', [block('a', 'attention', 'Attention'), block('b', 'attention', 'Attention')])];
    const { taps, warnings } = attentionTaps(cores, blocks, graph(['p', 'q']));
    expect(taps.map(({ value, label }) => [value, label])).toEqual([
      ['p', 'L1'],
      ['q', 'L2'],
    ]);
    expect(warnings).toEqual([]);
  });

  it('numbers attention within the stages of a hierarchical model', () => {
    const stage = (number: number, ids: readonly string[]) =>
      block(`s${number}`, 'stage', `Transformer stage ${number}`, [
        block(
          `t${number}`,
          'transformer',
          'Transformer',
          ids.map((id) => block(id, 'attention', 'Attention')),
        ),
      ]);
    const labels = attentionLabels([block('stem', 'stem', 'Stem'), stage(3, ['a', 'b']), stage(4, ['c'])]);
    expect([...labels]).toEqual([
      ['a', 'S3.0'],
      ['b', 'S3.1'],
      ['c', 'S4.0'],
    ]);
    // One stage alone needs no number.
    expect([...attentionLabels([block('stem', 'stem', 'Stem'), stage(1, ['a', 'b'])]).values()]).toEqual(['L1', 'L2']);
  });

  it('says why an attention shows no map', () => {
    const cores = [
      core({ fused: true, probabilities: '' }),
      core({ linear: true }),
      core({ over: 'channels' }),
      core({ probabilities: 'inside' }),
      core({ probabilities: 'inside too' }),
    ];
    const { taps, warnings } = attentionTaps(cores, [], graph(['probabilities']));
    expect(taps).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(/^2 attention layers show no map: it lies inside a subgraph or function/),
      expect.stringMatching(/^1 attention layer shows no map: it attends between channels/),
      expect.stringMatching(/^1 attention layer shows no map: linear attention/),
      expect.stringMatching(/^1 attention layer shows no map: one fused operator/),
    ]);
  });

  it('keeps the last layers when not all fit', () => {
    // One map of 2 heads, 3 queries, 3 keys takes 72 bytes.
    const cores = ['p', 'q', 'r'].map((probabilities) => core({ block: probabilities, probabilities }));
    const { taps, warnings } = attentionTaps(cores, [], graph(['p', 'q', 'r']), 150);
    expect(taps.map(({ value }) => value)).toEqual(['q', 'r']);
    expect(warnings).toEqual([expect.stringMatching(/^1 attention layer shows no map: the maps of all layers together are too large/)]);
  });
});
