import type { Part, Reconciled } from '../protocol';
import type { Cells, Column } from '../text';
import { formatExact } from './format';

/** What the parts of a figure are called. */
export const PART_NAMES: Readonly<Record<Part, string>> = {
  convolution: 'convolution',
  linear: 'linear layers',
  attention: 'attention products',
  product: 'other products',
  recurrent: 'recurrent layers',
  otherProduct: 'other operators',
  bias: 'biases',
  batchNorm: 'BatchNorm',
  layerNorm: 'LayerNorm',
  otherNorm: 'other normalisation',
  softmax: 'softmax',
  activation: 'activations',
  pooling: 'pooling',
  resize: 'interpolation',
  elementwise: 'elementwise',
  embedding: 'embeddings',
};

/** `+4,728,000`, `-358,000,000`, `0`. */
export function signedExact(difference: string): string {
  return difference === '0' ? '0' : `${difference.startsWith('-') ? '-' : '+'}${formatExact(difference.replace('-', ''))}`;
}

/** What the tool would print, in one line. */
export function printedBy({ tool, version, unit, total, parameters }: Reconciled): string {
  const work = unit === '' ? '' : `${formatExact(total)} ${unit} and `;
  return `${tool} ${version} would print ${work}${formatExact(parameters)} parameters`;
}

/** Line by line from our figure to the tool's; the last two rows are the totals of both counts. */
export function reconciledTable(
  one: Reconciled,
  exact: (count: number | string) => string = formatExact,
): readonly [readonly Column[], readonly Cells[]] {
  const columns: readonly Column[] = [
    { title: 'part' },
    { title: 'ours', right: true },
    { title: one.tool, right: true },
    { title: 'difference', right: true },
    { title: 'why' },
  ];
  const rows = one.lines.map(({ part, ours, theirs, difference, why }) => [
    PART_NAMES[part],
    exact(ours),
    exact(theirs),
    signedExact(difference),
    why,
  ]);
  const changed = (ours: number | string, theirs: number | string) => signedExact((BigInt(theirs) - BigInt(ours)).toString());
  const total = ['total', exact(one.ours), exact(one.total), changed(one.ours, one.total), one.unit === 'FLOPs' ? 'Ours are MACs.' : ''];
  const parameters = [
    'parameters',
    exact(one.ourParameters),
    exact(one.parameters),
    changed(one.ourParameters, one.parameters),
    one.parametersWhy,
  ];
  return [columns, [...rows, ...(one.unit === '' ? [] : [total]), parameters]];
}

/** Tools side by side, for a choice among them. */
export function toolsTable(all: readonly Reconciled[]): readonly [readonly Column[], readonly Cells[]] {
  const columns: readonly Column[] = [
    { title: 'tool' },
    { title: 'prints', right: true },
    { title: 'unit' },
    { title: 'less ours', right: true },
    { title: 'parameters', right: true },
  ];
  const rows = all.map(({ tool, version, unit, total, ours, parameters }) => [
    `${tool} ${version}`,
    unit === '' ? '' : formatExact(total),
    unit,
    unit === '' ? '' : signedExact((BigInt(total) - BigInt(ours)).toString()),
    formatExact(parameters),
  ]);
  return [columns, rows];
}
