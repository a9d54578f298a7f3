import { CHECKPOINT_BUDGETS, type CheckpointSummary, type ModuleRow } from '../protocol';
import { formatBytes, formatCount, formatExact, formatShare } from '../report/format';
import { type Column, tableLines } from '../text';
import { listed } from './listed';
import { KIND_NAMES } from './moduleNames';

/** What `inspect` prints of a checkpoint: its sums, what it is made of, and its metadata. */
export function checkpointLines({ model, totals, types, sections, budget, trust }: CheckpointSummary): readonly string[] {
  const parameters = Number(totals.parameters);
  const rows: [string, string][] = [
    ['format', `${model.format} ${model.formatVersion}`.trim()],
    ['file', formatBytes(model.fileBytes)],
    ...model.externalFiles.map(({ path, size }): [string, string] => [
      'other file',
      `${path} ${size === null ? '(missing)' : `(${formatBytes(size)})`}`,
    ]),
    ['tensors', `${formatExact(totals.tensors)}, ${formatBytes(totals.bytes)}`],
    ['parameters', `${formatCount(totals.parameters)} (${formatExact(totals.parameters)})`],
    ...(totals.buffers === 0
      ? []
      : [['buffers', `${formatCount(totals.buffers)} (${formatExact(totals.buffers)}) elements`] as [string, string]]),
    ...types.map(({ dtype, tensors, elements, bytes }): [string, string] => [
      dtype,
      `${formatExact(tensors)} tensors, ${formatCount(elements)} elements, ${formatBytes(bytes)}`,
    ]),
    ...(sections.length > 1 || sections[0]?.prefix ? sections : []).map(({ kind, prefix, tensors, bytes }): [string, string] => [
      SECTIONS[kind],
      `${prefix === '' ? 'no prefix' : `names begin with "${prefix}"`}, ${formatExact(tensors)} tensors, ${formatBytes(bytes)}`,
    ]),
    [
      'budget',
      CHECKPOINT_BUDGETS.map(
        (name) => `${BUDGET_NAMES[name]} ${formatShare(parameters > 0 ? Number(budget[name].parameters) / parameters : 0)}`,
      ).join(', '),
    ],
    ...(trust.verdict === 'safe' ? [] : trustRows(trust)),
    ...Object.entries(model.metadata).map(([key, value]): [string, string] => ['metadata', `${key} = ${value}`]),
  ];
  return listed(model.name, rows);
}

function trustRows({ verdict, imports, reasons }: CheckpointSummary['trust']): readonly [string, string][] {
  const imported = imports.filter((one) => one.verdict !== 'safe').slice(0, SHOWN_IMPORTS);
  return [
    [
      'trust',
      verdict === 'unsafe'
        ? 'unsafe: loading it runs code that is no reconstruction of tensors'
        : 'unknown: loading it imports classes that are not known',
    ],
    ...reasons.slice(0, SHOWN_IMPORTS).map((reason): [string, string] => ['', reason]),
    ...imported.map(({ name, where }): [string, string] => ['would import', `${name} (${where})`]),
  ];
}

const SHOWN_IMPORTS = 20;
const SECTIONS = { weights: 'weights', ema: 'EMA copy', optimizer: 'optimizer', training: 'training state' } as const;
const BUDGET_NAMES = { convolution: 'convolution', attention: 'attention', feedForward: 'feed-forward', other: 'other' } as const;

const COLUMNS: readonly Column[] = [
  { title: 'module' },
  { title: 'kind' },
  { title: 'parameters', right: true },
  { title: 'bytes', right: true },
  { title: 'tensors', right: true },
  { title: 'types' },
  { title: 'layer' },
];

/** The module tree as a table, rows in pre-order. */
export function moduleLines(rows: readonly ModuleRow[]): readonly string[] {
  const cells = rows.map(({ name, depth, repeat, kind, part, parameters, bytes, tensors, types, definition }) => [
    `${'  '.repeat(depth)}${name === '' ? '(no module)' : name}${repeat > 1 ? ` x${repeat}` : ''}`,
    part === null || part === 'other' ? KIND_NAMES[kind] : `${KIND_NAMES[kind]} ${part}`,
    formatCount(parameters),
    formatBytes(bytes),
    formatExact(tensors),
    types.map(({ dtype }) => dtype).join(' '),
    definition,
  ]);
  return tableLines(COLUMNS, cells, 'text');
}
