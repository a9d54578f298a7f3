import { describe, expect, it } from 'vitest';
import { peakMemory } from '../../../../src/analysis/memory';
import { inferShapes } from '../../../../src/analysis/shapes';
import { graph, integers, model, value, weight } from '../models';

const KB = 1024n;

describe('peak activation memory', () => {
  it('frees a tensor after its last reader; a skip connection keeps one alive', () => {
    // x (1 KB) -> a (1 KB) -> b (4 KB) -> c (1 KB); c + a. While b becomes c: x is the caller's, a waits, b and c live.
    const result = peakMemory(
      inferShapes(
        model({
          inputs: [value('x', 'float32', [1, 256])],
          outputs: ['y'],
          initializers: [weight('up', [256, 1024]), weight('down', [1024, 256])],
          nodes: [
            { op: 'Relu', inputs: ['x'], outputs: ['a'] },
            { op: 'MatMul', inputs: ['a', 'up'], outputs: ['b'] },
            { op: 'MatMul', inputs: ['b', 'down'], outputs: ['c'] },
            { op: 'Add', inputs: ['c', 'a'], outputs: ['y'] },
          ],
        }),
      ),
    );
    expect(result.timeline.map((step) => step.bytes)).toEqual([2n * KB, 5n * KB, 6n * KB, 3n * KB]);
    expect(result).toMatchObject({ peakBytes: 6n * KB, peakNode: 'n2', unknown: [] });
    expect(result.alive).toEqual([
      { value: 'b', bytes: 4n * KB },
      { value: 'a', bytes: KB },
      { value: 'c', bytes: KB },
    ]);
  });

  it('takes views for their input’s memory, and keeps that alive as long as a view is read', () => {
    const result = peakMemory(
      inferShapes(
        model({
          inputs: [value('x', 'float32', [1, 256])],
          outputs: ['y'],
          initializers: [integers('flat', [-1])],
          nodes: [
            { op: 'Relu', inputs: ['x'], outputs: ['a'] },
            { op: 'Reshape', inputs: ['a', 'flat'], outputs: ['v'] },
            { op: 'Relu', inputs: ['v'], outputs: ['y'] },
          ],
        }),
      ),
    );
    expect(result.timeline.map((step) => step.bytes)).toEqual([2n * KB, KB, 2n * KB]);
  });

  it('adds what a body holds inside', () => {
    const body = graph({
      outputs: ['r'],
      nodes: [
        { op: 'Relu', inputs: ['x'], outputs: ['p'] },
        { op: 'Relu', inputs: ['p'], outputs: ['r'] },
      ],
    });
    const result = peakMemory(
      inferShapes(
        model({
          inputs: [value('x', 'float32', [256]), value('flag', 'bool', [])],
          outputs: ['y'],
          nodes: [{ op: 'If', inputs: ['flag'], outputs: ['y'], attributes: { then_branch: body, else_branch: body } }],
        }),
      ),
    );
    // Input, flag and output outside, p inside; r is the output itself.
    expect(result.peakBytes).toBe(KB + 1n + KB + KB);
  });

  it('names values of unknown size: the peak is then a lower bound', () => {
    const result = peakMemory(
      inferShapes(
        model({
          inputs: [value('x', 'float32', ['n', 256])],
          outputs: ['y'],
          nodes: [{ op: 'Relu', inputs: ['x'], outputs: ['y'] }],
        }),
      ),
    );
    expect(result.unknown).toEqual(['x', 'y']);
  });
});
