import { append } from '../data';
import { type Block, type Count, executed, type Figures, type NodeProfile, type Profile } from '../protocol';
import { looseGroups } from '../report/loose';
import type { Measured } from '../report/measured';

/** What `--group` takes: what the rows of the table stand for. */
export const GROUPS = ['block', 'category', 'op', 'node'] as const;
/** What `--by` takes: the figure that rows are sorted by, the largest first. */
export const MEASURES = ['macs', 'flops', 'parameters', 'bytes', 'time'] as const;
/** One of the figures that rows can be sorted by; `time` needs a measurement. */
export type Measure = (typeof MEASURES)[number];

/** A line of the table: operators together with the sums of their figures. */
export interface Row {
  readonly name: string;
  readonly type: string;
  readonly shape: string;
  readonly parameters: Count;
  readonly macs: Count | null;
  readonly flops: Count | null;
  readonly bytes: Count;
  /** Ids of the nodes that the row sums. */
  readonly nodes: readonly string[];
}

/** Rows of one grouping, in the model's order or the largest first; `time` needs what was measured. */
export function rowsOf(result: Profile, group: (typeof GROUPS)[number], by: Measure | null, measured: Measured | null): readonly Row[] {
  const rows = unsorted(result, group);
  if (by === null) return rows;
  const value = (row: Row) => (by === 'time' ? (measured?.sum(row.nodes)?.microseconds ?? 0) : Number(row[by] ?? 0));
  return [...rows].sort((a, b) => value(b) - value(a));
}

function unsorted(result: Profile, group: (typeof GROUPS)[number]): Row[] {
  switch (group) {
    case 'block':
      return new BlockRows(result).all();
    case 'category':
      return Object.entries(result.categories).map(([name, figures]) => figureRow(name, figures, result));
    case 'op':
      return operatorRows(executed(result.nodes));
    case 'node':
      return executed(result.nodes).map(nodeRow);
    default:
      return group satisfies never;
  }
}

/**
 * A row per block, a run of equal neighbours being one row with the figures of all; then rows of what stands
 * in no block of a level, so that the rows of every level add up to its total.
 */
class BlockRows {
  private readonly loose = new Map<string, NodeProfile[]>();

  constructor(private readonly result: Profile) {
    for (const node of executed(result.nodes)) {
      const known = this.loose.get(node.block);
      if (known) known.push(node);
      else this.loose.set(node.block, [node]);
    }
  }

  all(): Row[] {
    return [...this.level([this.result.blocks], 0), ...this.looseRows([''], 0)];
  }

  /** `twins` are the child lists of a run of equal blocks: the same blocks, each with its own figures. */
  private level(twins: readonly (readonly Block[])[], depth: number): Row[] {
    const [guide] = twins;
    if (!guide) return [];
    if (twins.some((list) => list.length !== guide.length)) return twins.flatMap((list) => this.level([list], depth));
    const rows: Row[] = [];
    for (let at = 0; at < guide.length; ) {
      const first = guide[at];
      if (!first) break;
      const end = at + Math.max(1, first.repeat);
      const run = twins.flatMap((list) => list.slice(at, end));
      at = end;
      const repeat = run.length > 1 ? ` x${run.length}` : '';
      append(rows, [sumRow(`${'  '.repeat(depth)}${first.label}${repeat}`, first.kind, run)]);
      const children = run.map((block) => block.children);
      append(rows, this.level(children, depth + 1));
      if (children.some((list) => list.length > 0)) {
        append(
          rows,
          this.looseRows(
            run.map(({ id }) => id),
            depth + 1,
          ),
        );
      }
    }
    return rows;
  }

  private looseRows(blocks: readonly string[], depth: number): Row[] {
    const nodes = blocks.flatMap((id) => this.loose.get(id) ?? []);
    return looseGroups(nodes).map((group) => {
      const sum = operatorSum(group.nodes);
      const count = `${group.nodes.length} operator${group.nodes.length === 1 ? '' : 's'}`;
      return { name: `${'  '.repeat(depth)}${group.name}`, type: count, shape: '', ...sum };
    });
  }
}

function sumRow(name: string, type: string, run: readonly Block[]): Row {
  const sum = (of: (figures: Figures) => Count) => exact(run.reduce((total, { totals }) => total + BigInt(of(totals)), 0n));
  return {
    name,
    type,
    shape: '',
    parameters: sum((figures) => figures.parameters),
    macs: sum((figures) => figures.macs),
    flops: sum((figures) => figures.flops),
    bytes: sum((figures) => figures.weightBytes),
    nodes: run.flatMap(({ nodes }) => nodes),
  };
}

function exact(value: bigint): Count {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
}

function figureRow(name: string, { parameters, macs, flops, weightBytes }: Figures, { nodes }: Profile): Row {
  const inside = nodes.filter(({ category }) => category === name).map(({ id }) => id);
  return { name, type: '', shape: '', parameters, macs, flops, bytes: weightBytes, nodes: inside };
}

function nodeRow(node: NodeProfile): Row {
  const shape = node.outputs[0]?.shape;
  return {
    name: node.name || node.id,
    type: node.op,
    shape: shape ? `[${shape.map((dim) => dim ?? '?').join(', ')}]` : '',
    parameters: node.parameters,
    macs: node.macs,
    flops: node.flops,
    bytes: node.weightBytes,
    nodes: [node.id],
  };
}

function operatorRows(nodes: readonly NodeProfile[]): Row[] {
  const byType = new Map<string, NodeProfile[]>();
  for (const node of nodes) {
    const type = node.domain ? `${node.domain}.${node.op}` : node.op;
    const known = byType.get(type);
    if (known) known.push(node);
    else byType.set(type, [node]);
  }
  return [...byType].map(([name, members]) => ({ name, type: `x${members.length}`, shape: '', ...operatorSum(members) }));
}

function operatorSum(nodes: readonly NodeProfile[]): Pick<Row, 'parameters' | 'macs' | 'flops' | 'bytes' | 'nodes'> {
  const sum = { parameters: 0n, macs: 0n, flops: 0n, bytes: 0n };
  for (const node of nodes) {
    sum.parameters += BigInt(node.parameters);
    sum.macs += BigInt(node.macs ?? 0);
    sum.flops += BigInt(node.flops ?? 0);
    sum.bytes += BigInt(node.weightBytes);
  }
  return {
    parameters: exact(sum.parameters),
    macs: exact(sum.macs),
    flops: exact(sum.flops),
    bytes: exact(sum.bytes),
    nodes: nodes.map(({ id }) => id),
  };
}
