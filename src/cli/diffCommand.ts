import { UserError } from '../engine/errors';
import type { CheckpointDiff, ModelReference } from '../protocol';
import { formatExact, formatReal } from '../report/format';
import { tableLines } from '../text';
import { diffLines } from './diff';
import { modelsNamed } from './modelArguments';
import { type Call, EXIT, parse, UsageError } from './options';
import { complain, note, progressLine, warn, writeJson, writeLines } from './output';

/** Rows of each list that are printed; `--json` has all. */
const SHOWN = 40;

/** `diff A B`: what differs between two checkpoints; between two models with graphs what differs block by block. */
export async function diff(args: readonly string[], call: Call): Promise<number> {
  const { values, positionals } = parse(args, ['A', 'B'], {
    keys: { type: 'boolean' },
    json: { type: 'boolean' },
    output: { type: 'string', short: 'o' },
  });
  const out = values.output;
  if (out !== undefined && !/\.safetensors$/i.test(out)) throw new UsageError(`-o ${out} is no OUT.safetensors.`);
  const [before, after] = await modelsNamed(positionals, call);
  if (!before || !after) throw new UserError('Two files are needed.');
  if (!values.keys && out === undefined && (await bothHaveGraphs(before, after, call))) {
    const result = await call.engine.diff({ before, after }, call.context);
    if (values.json) await writeJson(result);
    else await writeLines(diffLines(result, 'text'));
    return EXIT.done;
  }
  const line = progressLine();
  const found = await call.engine.checkpointDiff(
    { before, after, keysOnly: values.keys === true },
    { ...call.context, progress: line.show },
  );
  line.clear();
  if (values.json) await writeJson(found);
  else await writeLines(lines(found));
  for (const { reason } of found.unread.slice(0, SHOWN)) complain(reason);
  if (out !== undefined) {
    const { bytes, tensors, missing } = await call.engine.mendCheckpoint({ before, after, path: out }, call.context);
    note(`wrote ${out}, ${formatExact(bytes)} bytes, ${tensors === 1 ? '1 tensor' : `${tensors} tensors`}`);
    if (missing.length > 0)
      warn(
        `${missing.length} tensors of ${found.after.name} have nothing in ${found.before.name}: ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? '...' : ''}`,
      );
  }
  return found.unread.length > 0 ? EXIT.wrong : EXIT.done;
}

async function bothHaveGraphs(before: ModelReference, after: ModelReference, { engine, context }: Call): Promise<boolean> {
  for (const model of [before, after]) {
    if (model.kind === 'architecture') continue;
    const { kind, handle } = await engine.show({ model }, context);
    await engine.close({ handle }, context);
    if (kind === 'checkpoint') return false;
  }
  return true;
}

function lines(found: CheckpointDiff): readonly string[] {
  const { before, after, added, removed, reshaped, cast, changed, renames, unchanged, reasons, snippet, keys, keysOnly, leftOut } = found;
  const shape = (extents: readonly number[]) => `[${extents.join(', ')}]`;
  const tensor = ({ name, dtype, shape: extents }: (typeof added)[number]) => `${name}  ${dtype} ${shape(extents)}`;
  const arrow = ({ name, to }: { readonly name: string; readonly to?: string }) => (to === undefined ? name : `${name} -> ${to}`);
  const figures = changed.map((one) => [
    arrow(one),
    figure(one.relativeL2),
    figure(one.cosine),
    formatReal(one.maxAbs),
    one.notFinite > 0 ? formatExact(one.notFinite) : '',
  ]);
  const summary = [
    `${before.name} -> ${after.name}:`,
    `${added.length} added, ${removed.length} removed, ${reshaped.length} reshaped, ${renames.length} renamed, ${cast.length} of another type`,
    ...(unchanged === null ? [] : [`${changed.length} changed, ${unchanged} unchanged`]),
  ];
  return [
    summary[0] ?? '',
    ...summary.slice(1).map((text) => `  ${text}`),
    ...leftOut.map((section) => `  left out: ${section}`),
    ...(keysOnly ? loading(keys) : []),
    ...list('Added', added.map(tensor)),
    ...list('Removed', removed.map(tensor)),
    ...list(
      'Reshaped',
      reshaped.map((one) => `${arrow(one)}  ${shape(one.from)} -> ${shape(one.shape)}`),
    ),
    ...list(
      'Renamed',
      renames.map(({ from, to, by }) => `${from} -> ${to}  (${by})`),
    ),
    ...list(
      'Of another type',
      cast.map(({ name, from, to }) => `${name}  ${from} -> ${to}`),
    ),
    ...(changed.length > 0 ? ['', ...tableLines(CHANGED, figures.slice(0, SHOWN), 'text'), ...more(changed.length)] : []),
    ...list(
      'Why it does not load',
      reasons.map(({ message }) => message),
    ),
    ...(snippet === '' ? [] : ['', ...snippet.split('\n')]),
  ];
}

const CHANGED = [
  { title: 'changed' },
  { title: 'relative L2', right: true },
  { title: 'cosine', right: true },
  { title: 'largest', right: true },
  { title: 'not finite', right: true },
];

/** What `load_state_dict` says. */
function loading({ missing, unexpected, reshaped }: CheckpointDiff['keys']): readonly string[] {
  return [
    ...list('Missing key(s)', missing),
    ...list('Unexpected key(s)', unexpected),
    ...list(
      'Size mismatch',
      reshaped.map(
        ({ name, checkpoint, model }) => `${name}: [${checkpoint.join(', ')}] in the checkpoint, [${model.join(', ')}] in the model`,
      ),
    ),
  ];
}

function list(title: string, rows: readonly string[]): readonly string[] {
  if (rows.length === 0) return [];
  return ['', `${title} (${rows.length})`, ...rows.slice(0, SHOWN).map((row) => `  ${row}`), ...more(rows.length)];
}

function more(count: number): readonly string[] {
  return count > SHOWN ? [`  ... ${count - SHOWN} more (--json lists them all)`] : [];
}

function figure(value: number | null): string {
  return value === null ? '-' : formatReal(value);
}
