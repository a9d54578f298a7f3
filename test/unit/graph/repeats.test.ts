import { describe, expect, it } from 'vitest';
import { wiringOf } from '../../../src/graph';
import { findRepeats } from '../../../src/graph/repeats';
import { graph, type NodeSpec, node, weight } from '../analysis/models';

const LENGTH = 20;

/** Twelve blocks of twenty operators in a row, each block with a weight of its own, and an operator before and behind. */
function stack(change: (nodes: NodeSpec[]) => void = () => {}) {
  const specs: NodeSpec[] = [{ op: 'First', inputs: ['x'], outputs: ['v0'] }];
  for (let block = 0; block < 12; block++)
    for (let step = 0; step < LENGTH; step++) {
      const at = block * LENGTH + step;
      specs.push({ op: `Op${step}`, inputs: [`v${at}`, ...(step === 0 ? [`w${block}`] : [])], outputs: [`v${at + 1}`] });
    }
  specs.push({ op: 'Last', inputs: [`v${12 * LENGTH}`], outputs: ['y'] });
  change(specs);
  return graph({ nodes: specs.map(node), initializers: Array.from({ length: 12 }, (_, block) => weight(`w${block}`, [4])) });
}

/** Operators of one name are of one class. */
function repeatsOf(built: ReturnType<typeof graph>, given = true) {
  const wiring = wiringOf(built);
  const names = [...new Set(built.nodes.map(({ op }) => op))];
  const classes = Int32Array.from(wiring.nodes, ({ op }) => names.indexOf(op));
  return findRepeats(wiring, { classes, isLike: () => true, isGivenAlike: () => given }, () => 4);
}

function replace(specs: NodeSpec[], at: number, change: Partial<NodeSpec>): void {
  specs[at] = { ...(specs[at] as NodeSpec), ...change };
}

describe('stretches that repeat', () => {
  it('are found with their first node, length and number', () => {
    expect(repeatsOf(stack())).toEqual([{ start: 1, period: LENGTH, copies: 12 }]);
  });

  it('end where an operator is another', () => {
    const found = repeatsOf(stack((specs) => replace(specs, 1 + 6 * LENGTH + 7, { op: 'Other' })));
    expect(found.map(({ start, copies }) => [start, copies])).toEqual([
      [1, 6],
      [1 + 6 * LENGTH + 8, 5],
    ]);
  });

  it('end where an operator reads another value', () => {
    const found = repeatsOf(stack((specs) => replace(specs, 1 + 6 * LENGTH + 7, { inputs: [`v${6 * LENGTH + 2}`] })));
    expect(found.map(({ copies }) => copies)).toEqual([6, 5]);
  });

  it('are none where weights do not stand for each other', () => {
    expect(repeatsOf(stack(), false)).toEqual([]);
  });

  it('may all read one value from outside', () => {
    const shared = stack((specs) => {
      specs.forEach((spec, at) => {
        if (spec.op === 'Op3') replace(specs, at, { inputs: [...spec.inputs, 'x'] });
      });
    });
    expect(repeatsOf(shared)).toEqual([{ start: 1, period: LENGTH, copies: 12 }]);
  });
});
