import { describe, expect, it } from 'vitest';
import type { Block, LatencyReport } from '../../src/protocol';
import { Measured } from '../../src/report/measured';
import { boxTimes } from '../../webview/model/graph/boxTimes';
import { ProfileIndex } from '../../webview/model/profileIndex';

const block = (id: string, nodes: readonly string[], repeat = 1, children: readonly Block[] = []): Block =>
  ({ id, kind: 'stage', label: id, repeat, attributes: {}, totals: {}, nodes, children }) as unknown as Block;
const node = (id: string, microseconds: number) => ({ id, microseconds, kernels: [] });

describe('times of boxes', () => {
  const report = { nodes: [node('n0', 1), node('n1', 2), node('n2', 4), node('n3', 8)], kernels: [] } as unknown as LatencyReport;
  const blocks = [block('a', ['n0', 'n1'], 1, [block('a.0', ['n0'], 2), block('a.1', ['n1'])]), block('b', ['n2'])];
  const index = (measured: Measured | null) => new ProfileIndex({} as never, { nodes: [], blocks }, measured);
  const timeOf = boxTimes(index(new Measured(report, { nodes: [] })));

  it('are those of a node, of a block with all inside, and of all of a stack', () => {
    expect(timeOf?.({ id: 'n3', kind: 'node', repeat: 1 })).toBe(8);
    expect(timeOf?.({ id: 'a', kind: 'group', repeat: 2 })).toBe(3);
    expect(timeOf?.({ id: 'a.0', kind: 'group', repeat: 2 })).toBe(3);
    expect(timeOf?.({ id: 'b', kind: 'group', repeat: 1 })).toBe(4);
  });

  it('are not known of what is no block, or was not measured', () => {
    expect(timeOf?.({ id: 'piece', kind: 'group', repeat: 1 })).toBeNull();
    expect(timeOf?.({ id: 'n9', kind: 'node', repeat: 1 })).toBeNull();
    expect(boxTimes(index(null))).toBeNull();
  });
});
