import { type Block, BUDGETS, type Count, type Figures, type NodeProfile, type Profile } from '../protocol';
import { formatBytes, formatCount, formatExact, formatFlops, formatMacs, formatShare, ratio } from '../protocol/format';
import { reportFindings } from './findings';
import { type Call, modelFile, oneOf, parse, parseBinding, parseShape, UsageError, writeJson } from './options';
import { type Column, renderTable, type TableFormat } from './table';

const GROUPS = ['block', 'category', 'op', 'node'] as const;
const MEASURES = ['macs', 'flops', 'parameters', 'bytes'] as const;
const CONVENTIONS = ['macs', 'flops'] as const;
type Measure = (typeof MEASURES)[number];

interface Row {
  readonly name: string;
  readonly type: string;
  readonly shape: string;
  readonly parameters: Count;
  readonly macs: Count | null;
  readonly flops: Count | null;
  readonly bytes: Count;
}

/** `profile MODEL`: the Profile as a table or as the JSON that the views get. */
export async function profile(args: readonly string[], { engine, context }: Call): Promise<number> {
  const { values, positionals } = parse(args, ['MODEL'], {
    input: { type: 'string', multiple: true },
    bind: { type: 'string', multiple: true },
    group: { type: 'string', default: 'block' },
    by: { type: 'string' },
    convention: { type: 'string', default: 'macs' },
    json: { type: 'boolean' },
    csv: { type: 'boolean' },
    markdown: { type: 'boolean' },
  });
  const [path = ''] = positionals;
  const group = oneOf('group', values.group, GROUPS);
  const convention = oneOf('convention', values.convention, CONVENTIONS);
  const by = values.by === undefined ? null : oneOf('by', values.by === 'params' ? 'parameters' : values.by, MEASURES);
  const shapes = await inputShapes(values.input ?? [], path, { engine, context });
  const bindings = Object.fromEntries((values.bind ?? []).map(parseBinding));
  const result = await engine.profile({ model: modelFile(path), bindings, shapes }, context);
  if (values.json) writeJson(result);
  else {
    const format: TableFormat = values.csv ? 'csv' : values.markdown ? 'markdown' : 'text';
    process.stdout.write(table(rowsOf(result, group, by), result, { format, convention }));
  }
  const code = reportFindings(path, result);
  if (!values.json && result.notCounted.length > 0) process.stderr.write(`warning: ${notCounted(result)}\n`);
  return code;
}

async function inputShapes(texts: readonly string[], path: string, { engine, context }: Call): Promise<Record<string, readonly number[]>> {
  const shapes = texts.map(parseShape);
  if (shapes.length === 0) return {};
  const { model } = await engine.profile({ model: modelFile(path) }, context);
  return Object.fromEntries(
    shapes.map(({ name, shape }) => {
      const [only, ...others] = model.inputs;
      const known = name === '' && others.length === 0 ? only?.name : model.inputs.find((input) => input.name === name)?.name;
      if (known === undefined)
        throw new UsageError(`The model has no input "${name}"; it has ${model.inputs.map((input) => input.name).join(', ')}.`);
      return [known, shape];
    }),
  );
}

function rowsOf(result: Profile, group: (typeof GROUPS)[number], by: Measure | null): readonly Row[] {
  const rows = unsorted(result, group);
  if (by === null) return rows;
  return [...rows].sort((a, b) => Number(b[by] ?? 0) - Number(a[by] ?? 0));
}

function unsorted(result: Profile, group: (typeof GROUPS)[number]): Row[] {
  switch (group) {
    case 'block':
      return blockRows([result.blocks], 0);
    case 'category':
      return Object.entries(result.categories).map(([name, figures]) => figureRow(name, '', figures));
    case 'op':
      return operatorRows(result.nodes);
    case 'node':
      return result.nodes.map(nodeRow);
    default:
      return group satisfies never;
  }
}

/**
 * A row per block; a run of equal neighbours is one row with the figures of all.
 * `twins` are the child lists of such a run: the same blocks, each with its own figures.
 */
function blockRows(twins: readonly (readonly Block[])[], depth: number): Row[] {
  const [guide] = twins;
  if (!guide) return [];
  if (twins.some((list) => list.length !== guide.length)) return twins.flatMap((list) => blockRows([list], depth));
  const rows: Row[] = [];
  for (let at = 0; at < guide.length; ) {
    const first = guide[at];
    if (!first) break;
    const end = at + Math.max(1, first.repeat);
    const run = twins.flatMap((list) => list.slice(at, end));
    at = end;
    const repeat = run.length > 1 ? ` x${run.length}` : '';
    rows.push(sumRow(`${'  '.repeat(depth)}${first.label}${repeat}`, first.kind, run));
    rows.push(
      ...blockRows(
        run.map((block) => block.children),
        depth + 1,
      ),
    );
  }
  return rows;
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
  };
}

function exact(value: bigint): Count {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
}

function figureRow(name: string, type: string, figures: Figures): Row {
  const { parameters, macs, flops, weightBytes } = figures;
  return { name, type, shape: '', parameters, macs, flops, bytes: weightBytes };
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
  };
}

function operatorRows(nodes: readonly NodeProfile[]): Row[] {
  const sums = new Map<string, { parameters: bigint; macs: bigint; flops: bigint; bytes: bigint; count: number }>();
  for (const node of nodes) {
    const type = node.domain ? `${node.domain}.${node.op}` : node.op;
    const sum = sums.get(type) ?? { parameters: 0n, macs: 0n, flops: 0n, bytes: 0n, count: 0 };
    sum.parameters += BigInt(node.parameters);
    sum.macs += BigInt(node.macs ?? 0);
    sum.flops += BigInt(node.flops ?? 0);
    sum.bytes += BigInt(node.weightBytes);
    sum.count += 1;
    sums.set(type, sum);
  }
  return [...sums].map(([type, sum]) => ({
    name: type,
    type: `x${sum.count}`,
    shape: '',
    parameters: exact(sum.parameters),
    macs: exact(sum.macs),
    flops: exact(sum.flops),
    bytes: exact(sum.bytes),
  }));
}

function table(
  rows: readonly Row[],
  result: Profile,
  { format, convention }: { readonly format: TableFormat; readonly convention: 'macs' | 'flops' },
): string {
  const { totals } = result;
  const work = convention === 'macs' ? 'MACs' : 'FLOPs';
  const columns: Column[] = [
    { title: 'name' },
    { title: 'type' },
    { title: 'output' },
    { title: 'parameters', right: true },
    { title: work, right: true },
    { title: 'share', right: true },
    { title: 'weight bytes', right: true },
  ];
  const csv = format === 'csv';
  const figure = (value: Count | null) => (csv ? String(value ?? '') : convention === 'macs' ? formatMacs(value) : formatFlops(value));
  const cells = (row: Row) => [
    csv ? row.name.trimStart() : row.name,
    row.type,
    row.shape,
    csv ? String(row.parameters) : formatCount(row.parameters),
    figure(row[convention]),
    csv ? String(ratio(row[convention], totals[convention])) : formatShare(ratio(row[convention], totals[convention])),
    csv ? String(row.bytes) : formatBytes(row.bytes),
  ];
  const total: Row = {
    name: 'total',
    type: '',
    shape: '',
    parameters: totals.parameters,
    macs: totals.macs,
    flops: totals.flops,
    bytes: totals.weightBytes,
  };
  const body = renderTable(columns, [...rows, total].map(cells), format);
  return csv ? body : `${body}\n${budgetLines(result, convention)}`;
}

function budgetLines(result: Profile, convention: 'macs' | 'flops'): string {
  const { totals, budget } = result;
  const format = convention === 'macs' ? formatMacs : formatFlops;
  const split = BUDGETS.map((name) => `${BUDGET_NAMES[name]} ${formatShare(ratio(budget[name][convention], totals[convention]))}`).join(
    ', ',
  );
  const bound = Object.entries(result.bindings).map(([name, { value, assumed }]) => `${name} = ${value}${assumed ? ' (assumed)' : ''}`);
  return [
    `${format(totals[convention])} (${formatExact(totals[convention])}): ${split}`,
    `${formatCount(totals.parameters)} parameters (${formatExact(totals.parameters)}), peak activations ${formatBytes(totals.peakActivationBytes)}`,
    ...(bound.length > 0 ? [`with ${bound.join(', ')}`] : []),
    '',
  ].join('\n');
}

const BUDGET_NAMES = { convolution: 'convolution', attention: 'attention', feedForward: 'feed-forward', other: 'other' } as const;

function notCounted(result: Profile): string {
  const types = new Map<string, number>();
  for (const { op } of result.notCounted) types.set(op, (types.get(op) ?? 0) + 1);
  const list = [...types].map(([op, count]) => `${op} ${count}`).join(', ');
  return `${result.notCounted.length} operators were not counted (${list}), so the totals are lower bounds.`;
}
