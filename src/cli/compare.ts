import { UserError } from '../engine/errors';
import type { Comparison, ComparisonRow, ModelReference } from '../protocol';
import { tableLines } from '../text';
import { comparisonHtml, diffHtml } from './compareHtml';
import { cells, columns, comparisonCsv } from './compareTable';
import { diffLines } from './diff';
import { operatorsWere } from './findings';
import { type Member, type ModelSet, readSet } from './modelSet';
import { type Call, EXIT, oneOf, parse, UsageError } from './options';
import { complain, warn, writeDocument, writeJson, writeLines } from './output';

const FORMATS = ['table', 'md', 'csv', 'json', 'html'] as const;

/** `compare A B C`: what each model costs, with differences to a baseline; `--diff` for what two models differ in. */
export async function compare(args: readonly string[], call: Call): Promise<number> {
  const { values, positionals } = parse(args, ['MODEL', '...'], {
    baseline: { type: 'string' },
    sizes: { type: 'string' },
    format: { type: 'string', default: 'table' },
    diff: { type: 'boolean' },
  });
  const format = oneOf('format', values.format, FORMATS);
  if (values.diff) return diff(positionals, format, call);
  const sizes = parseSizes(values.sizes);
  const { members, baseline } = await withBaseline(positionals, values.baseline, call);
  if (members.length === 0) throw new UserError(`${positionals.join(', ')} lists no models to compare.`);
  const result = await comparison(members, { sizes, baseline }, call);
  await writeResult(result, format);
  const failed = result.rows.filter(({ error }) => error !== '');
  for (const { name, size, error } of failed) complain(`${name}${size === null ? '' : ` at ${size}`}: ${error}`);
  for (const row of result.rows) {
    if (row.figures && row.figures.notCounted > 0) {
      warn(`${row.name}: ${operatorsWere(row.figures.notCounted)} not counted, so its figures are lower bounds.`);
    }
  }
  return failed.length > 0 ? EXIT.wrong : EXIT.done;
}

/** The models, and the baseline among them: as the command names it, by its row's name, or one more. */
async function withBaseline(names: readonly string[], baseline: string | undefined, call: Call): Promise<ModelSet> {
  const set = await readSet(names, call);
  if (baseline === undefined) return set;
  const argument = names.indexOf(baseline);
  if (argument >= 0) return { ...set, baseline: (await readSet(names.slice(0, argument), call)).members.length };
  const labelled = set.members.findIndex(({ name }) => name === baseline);
  if (labelled >= 0) return { ...set, baseline: labelled };
  const { members } = await readSet([baseline], call);
  return { members: [...members, ...set.members], baseline: 0 };
}

/** What the engine counts, with the rows of models that could not even be named in their places. */
async function comparison(
  members: readonly Member[],
  { sizes, baseline }: { readonly sizes: readonly number[]; readonly baseline: number },
  call: Call,
): Promise<Comparison> {
  const models: ModelReference[] = [];
  const places: number[] = [];
  members.forEach(({ model }, place) => {
    if (!model) return;
    models.push(model);
    places.push(place);
  });
  const among = places.indexOf(baseline);
  const counted = models.length > 0 ? (await call.engine.compare({ models, sizes, baseline: Math.max(0, among) }, call.context)).rows : [];
  const rows = members.flatMap(({ name, error }, model): readonly ComparisonRow[] => {
    const found = counted.filter((row) => places[row.model] === model);
    if (found.length > 0) return found.map((row) => ({ ...row, model, name, difference: among < 0 ? null : row.difference }));
    return [{ model, name, size: null, inputs: [], figures: null, difference: null, error }];
  });
  return { schema: 1, baseline, sizes, rows };
}

async function diff(names: readonly string[], format: (typeof FORMATS)[number], call: Call): Promise<number> {
  const { members } = await readSet(names, call);
  const [before, after, ...others] = members;
  if (!before || !after || others.length > 0) throw new UsageError('--diff takes two models.');
  if (!before.model || !after.model) throw new UserError(before.error || after.error);
  const result = await call.engine.diff({ before: before.model, after: after.model }, call.context);
  if (format === 'json') await writeJson(result);
  else if (format === 'html') await writeDocument(diffHtml(result, before.name, after.name));
  else await writeLines(diffLines(result, format === 'table' ? 'text' : format === 'md' ? 'markdown' : 'csv'));
  return EXIT.done;
}

function parseSizes(text: string | undefined): readonly number[] {
  if (text === undefined) return [];
  const sizes = text.split(',').map(Number);
  if (!sizes.every((size) => Number.isSafeInteger(size) && size > 0))
    throw new UsageError(`--sizes ${text} is not numbers such as 224,384.`);
  return sizes;
}

function writeResult(result: Comparison, format: (typeof FORMATS)[number]): Promise<void> {
  switch (format) {
    case 'json':
      return writeJson(result);
    case 'html':
      return writeDocument(comparisonHtml(result));
    case 'csv':
      return writeLines(comparisonCsv(result));
    case 'md':
      return writeLines(tableLines(columns(result), result.rows.map(cells(result)), 'markdown'));
    case 'table':
      return writeLines(tableLines(columns(result), result.rows.map(cells(result)), 'text'));
    default:
      return format satisfies never;
  }
}
