import { expect, it } from 'vitest';
import { analyse } from '../../../../src/analysis/assemble';
import { graph, model, value, weight } from '../models';

const body = graph({
  inputs: [value('s', 'float32', [2]), value('x', 'float32', [2])],
  outputs: [value('so', 'float32', [2]), value('o', 'float32', [2])],
  nodes: [
    { op: 'Add', inputs: ['s', 'x'], outputs: ['so'] },
    { op: 'Identity', inputs: ['so'], outputs: ['o'] },
  ],
});

// ONNX's Scan-8: state [batch, ...], scanned [batch, time, ...]; each sequence of the batch runs the body for each step.
it('runs the body of Scan of opset 8 for each step of each sequence, and gives the batch axis back', () => {
  const scan = model({
    opset: 8,
    inputs: [value('i', 'float32', [3, 2]), value('x', 'float32', [3, 5, 2])],
    outputs: ['f', 'y'],
    nodes: [{ op: 'Scan', inputs: ['', 'i', 'x'], outputs: ['f', 'y'], attributes: { body, num_scan_inputs: 1 } }],
  });
  const { profile } = analyse(scan, { name: 'scan', bytes: 0 });
  expect(profile.model.outputs.map(({ shape }) => shape)).toEqual([
    [3, 2],
    [3, 5, 2],
  ]);
  expect(profile.totals.flops).toBe(3 * 5 * 2);
});

it.each(['qonnx.custom_op.general', 'finn.custom_op.general', 'onnx.brevitas'])('counts Quant of %s, which keeps the shape', (domain) => {
  const quantised = model({
    inputs: [value('x', 'float32', [4, 8])],
    outputs: ['y'],
    initializers: [weight('s', []), weight('z', []), weight('b', [])],
    nodes: [{ op: 'Quant', domain, inputs: ['x', 's', 'z', 'b'], outputs: ['y'] }],
  });
  const { profile } = analyse(quantised, { name: 'quant', bytes: 0 });
  expect(profile.model.outputs.map(({ shape }) => shape)).toEqual([[4, 8]]);
  expect(profile.notCounted).toEqual([]);
  expect(profile.totals.parameters).toBe(0);
});
