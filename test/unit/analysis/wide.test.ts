import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/analysis/assemble';
import { foldModel } from '../../../src/analysis/fold';
import type { Model } from '../../../src/model';
import { graph, integers, model, type NodeSpec, value } from './models';

/** Through everything that a view asks for. */
function opened(of: Model) {
  const analysis = analyse(of, { name: 'wide.onnx', bytes: 0 });
  return { profile: analysis.profile, level: foldModel(analysis).level('') };
}

const names = (count: number) => Array.from({ length: count }, (_, i) => `v${i}`);

describe('lists longer than a call has room for arguments', { timeout: 240_000 }, () => {
  it('300,000 inputs of one Concat, also where they lead to a mask and a softmax', () => {
    const inputs = names(300_000).map(() => 'x');
    const nodes: NodeSpec[] = [
      { op: 'Concat', inputs, outputs: ['wide'], attributes: { axis: 1 } },
      { op: 'MatMul', inputs: ['q', 'x'], outputs: ['scores'] },
      { op: 'Add', inputs: ['scores', 'wide'], outputs: ['masked'] },
      { op: 'Softmax', inputs: ['masked'], outputs: ['weights'] },
      { op: 'MatMul', inputs: ['weights', 'v'], outputs: ['y'] },
    ];
    const inputsOf = [value('x', 'float32', [4, 1]), value('q', 'float32', [4, 4]), value('v', 'float32', [300_000, 4])];
    const { profile, level } = opened(model({ inputs: inputsOf, outputs: ['y'], nodes }));
    expect(profile.nodes[0]?.outputs[0]?.shape).toEqual([4, 300_000]);
    expect(level.boxes.length).toBeGreaterThan(0);
  });

  it('130,000 nodes in a body', () => {
    const chain = names(130_000).map((name, i): NodeSpec => ({ op: 'Relu', inputs: [i === 0 ? 'x' : `v${i - 1}`], outputs: [name] }));
    const body = graph({ outputs: ['v129999'], nodes: chain });
    const small = graph({ outputs: ['s'], nodes: [{ op: 'Relu', inputs: ['x'], outputs: ['s'] }] });
    const node: NodeSpec = { op: 'If', inputs: ['condition'], outputs: ['y'], attributes: { then_branch: body, else_branch: small } };
    const { profile } = opened(
      model({ inputs: [value('x', 'float32', [4])], outputs: ['y'], initializers: [integers('condition', [1], [])], nodes: [node] }),
    );
    expect(profile.totals.flops).toBe(130_000 * 4);
  });
});
