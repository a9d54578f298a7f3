import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/analysis/assemble';
import { definition, type GraphSpec, graph, model, value, weight } from './models';

function profile(spec: Parameters<typeof model>[0]) {
  return analyse(model(spec), { name: 'model.onnx', bytes: 1 }).profile;
}

const x = value('x', 'float32', [1, 8]);
const linear: GraphSpec['nodes'][number] = { op: 'MatMul', inputs: ['x', 'w'], outputs: ['h'] };
const body = graph({
  inputs: [value('i', 'int64', []), value('c', 'bool', []), value('s', 'float32', [1, 8])],
  outputs: ['c', 't'],
  nodes: [{ op: 'MatMul', inputs: ['s', 'w'], outputs: ['t'] }],
});

describe('lower bounds', () => {
  it('are none where everything is counted', () => {
    expect(profile({ inputs: [x], outputs: ['h'], initializers: [weight('w', [8, 8])], nodes: [linear] }).lowerBounds).toEqual([]);
  });

  it('are the work and the activations of a model with an operator that nobody knows', () => {
    const { lowerBounds } = profile({
      inputs: [x],
      outputs: ['y'],
      initializers: [weight('w', [8, 8])],
      nodes: [linear, { op: 'Exotic', domain: 'vendor', inputs: ['h'], outputs: ['y'] }],
    });
    expect(lowerBounds).toEqual(['macs', 'flops', 'activationBytes', 'peakActivationBytes']);
  });

  it('are those of a loop whose turns depend on data, which is listed too', () => {
    const loop = profile({
      inputs: [x, value('n', 'int64', [])],
      outputs: ['y'],
      initializers: [weight('w', [8, 8])],
      nodes: [{ op: 'Loop', inputs: ['n', '', 'x'], outputs: ['y'], attributes: { body } }],
    });
    expect(loop.notCounted).toEqual([{ node: 'n0', op: 'Loop', reason: expect.stringContaining('turns') }]);
    expect(loop.lowerBounds).toContain('macs');
    expect(loop.lowerBounds).not.toContain('parameters');
  });

  it('are all figures where a function is not gone into', () => {
    const endless = definition('Endless', {
      inputs: ['a'],
      outputs: ['b'],
      nodes: [{ op: 'Endless', domain: 'local', inputs: ['a'], outputs: ['b'] }],
    });
    const { lowerBounds, notCounted, totals } = profile({
      inputs: [x],
      outputs: ['y'],
      functions: [endless],
      nodes: [{ op: 'Endless', domain: 'local', inputs: ['x'], outputs: ['y'] }],
    });
    expect(lowerBounds).toEqual(Object.keys(totals));
    expect(notCounted.map(({ reason }) => reason)).toEqual(['its body was not gone into']);
  });
});
