import { describe, expect, it } from 'vitest';
import { FindingList } from '../../../src/formats/findings';
import { checkScope } from '../../../src/formats/validate/scope';
import { isSound } from '../../../src/graph';
import type { Graph } from '../../../src/model';
import { graph as made, node, value, weight } from '../analysis/models';
import { randomFrom } from '../formats/random';

function graphOf(parts: { inputs: string[]; constants: string[]; outputs: string[]; nodes: [string[], string[]][] }): Graph {
  return made({
    inputs: parts.inputs.map((name) => value(name)),
    outputs: parts.outputs.map((name) => value(name)),
    initializers: parts.constants.map((name) => weight(name, [1])),
    nodes: parts.nodes.map(([inputs, outputs]) => node({ op: 'Add', inputs, outputs })),
  });
}

/** What the check of names says, one by one. */
function findingsOf(graph: Graph): readonly string[] {
  const findings = new FindingList();
  checkScope(
    {
      what: 'The model',
      owner: null,
      sources: graph.inputs.map(({ name }) => name),
      constants: graph.initializers.map(({ name }) => name),
      outputs: graph.outputs.map(({ name }) => name),
      nodes: graph.nodes,
    },
    findings,
  );
  return findings.list().map(({ code }) => code);
}

const clean = {
  inputs: ['x', 'toString'],
  constants: ['w', 'x'],
  outputs: ['z', 'x'],
  nodes: [
    [
      ['x', 'w', ''],
      ['y', ''],
    ],
    [['y', 'toString'], ['z']],
  ] as [string[], string[]][],
};

describe('a sound graph', () => {
  it('has no finding: constants may be defaults of inputs, and inputs may be handed out', () => {
    expect(findingsOf(graphOf(clean))).toEqual([]);
    expect(isSound(graphOf(clean))).toBe(true);
  });

  it.each([
    ['two inputs of a name', { ...clean, inputs: ['x', 'x', 'toString'] }, 'duplicate-value'],
    ['two constants of a name', { ...clean, constants: ['w', 'w'] }, 'duplicate-value'],
    ['two inputs without a name', { ...clean, inputs: ['x', 'toString', '', ''] }, 'duplicate-value'],
    ['a value that two nodes make', { ...clean, nodes: [...clean.nodes, [['x'], ['y']] as [string[], string[]]] }, 'duplicate-value'],
    [
      'a value that a node makes twice',
      { ...clean, nodes: [...clean.nodes, [['x'], ['a', 'a']] as [string[], string[]]] },
      'duplicate-value',
    ],
    ['a node that makes an input', { ...clean, nodes: [...clean.nodes, [['y'], ['x']] as [string[], string[]]] }, 'duplicate-value'],
    ['a value that nothing makes', { ...clean, nodes: [...clean.nodes, [['q'], ['a']] as [string[], string[]]] }, 'missing-input'],
    ['an output that nothing makes', { ...clean, outputs: ['z', 'q'] }, 'missing-output'],
    ['nodes in no order', { ...clean, nodes: [...clean.nodes].reverse() }, 'order'],
    ['a node that reads what it makes', { ...clean, nodes: [...clean.nodes, [['a'], ['a']] as [string[], string[]]] }, 'cycle'],
  ])('is none with %s', (_, parts, code) => {
    expect(findingsOf(graphOf(parts))).toContain(code);
    expect(isSound(graphOf(parts))).toBe(false);
  });

  it('is one exactly where the check of names finds nothing', () => {
    const random = randomFrom(8);
    const below = (count: number) => Math.floor(random() * count);
    const names = ['', 'a', 'b', 'c', 'd', 'e', 'f', 'constructor'];
    const some = (most: number) => Array.from({ length: below(most + 1) }, () => names[below(names.length)] ?? '');
    const seen = { sound: 0, other: 0 };
    for (let run = 0; run < 4000; run++) {
      const graph = graphOf({
        inputs: some(2),
        constants: some(2),
        outputs: some(1),
        nodes: Array.from({ length: below(4) }, () => [some(2), some(1)]),
      });
      const sound = isSound(graph);
      seen[sound ? 'sound' : 'other']++;
      const found = findingsOf(graph);
      const unnamed = [...graph.inputs, ...graph.initializers].some(({ name }) => name === '');
      if (sound) expect(found).toEqual([]);
      else if (!unnamed) expect(found).not.toEqual([]);
    }
    expect(seen.sound).toBeGreaterThan(100);
    expect(seen.other).toBeGreaterThan(100);
  });
});
