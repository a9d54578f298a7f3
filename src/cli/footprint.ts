import { OPTIMIZERS, PRECISIONS, type TrainingFootprint } from '../protocol';
import { formatBytes } from '../report/format';
import { tableLines } from '../text';
import { needsCheckpoint } from './needsCheckpoint';
import { type Call, EXIT, oneOf, parse } from './options';
import { writeJson, writeLines } from './output';
import { modelSource } from './standardInput';

const PARTS = ['weights', 'gradients', 'optimizerStates', 'copies', 'buffers', 'total'] as const;
const TITLES: Readonly<Record<(typeof PARTS)[number], string>> = {
  weights: 'weights',
  gradients: 'gradients',
  optimizerStates: 'optimizer',
  copies: 'copies',
  buffers: 'buffers',
  total: 'total',
};

/** `footprint FILE`: what training a checkpoint's weights holds in memory, by optimizer and precision. */
export async function footprint(args: readonly string[], call: Call): Promise<number> {
  const { values, positionals } = parse(args, ['FILE'], {
    optimizer: { type: 'string' },
    precision: { type: 'string' },
    json: { type: 'boolean' },
  });
  const optimizers = values.optimizer === undefined ? OPTIMIZERS : [oneOf('optimizer', values.optimizer, OPTIMIZERS)];
  const precisions = values.precision === undefined ? PRECISIONS : [oneOf('precision', values.precision, PRECISIONS)];
  const [path = ''] = positionals;
  const { handle, checkpoint } = await needsCheckpoint(await modelSource(path), call);
  const rows: TrainingFootprint[] = [];
  for (const precision of precisions) {
    for (const optimizer of optimizers) rows.push(await call.engine.footprint({ handle, optimizer, precision }, call.context));
  }
  if (values.json)
    await writeJson({ schema: 1, model: { name: checkpoint.model.name, format: checkpoint.model.format }, activations: null, rows });
  else {
    const columns = [{ title: 'precision' }, { title: 'optimizer' }, ...PARTS.map((part) => ({ title: TITLES[part], right: true }))];
    const cells = rows.map((row) => [row.precision, row.optimizer, ...PARTS.map((part) => formatBytes(row[part]))]);
    await writeLines([...tableLines(columns, cells, 'text'), 'without activations: a checkpoint has no graph to tell them']);
  }
  return EXIT.done;
}
