import type { Comparison } from '../protocol';
import { comparisonHtml, diffHtml } from './compareHtml';
import { cells, columns, comparisonCsv } from './compareTable';
import { diffText } from './diff';
import { type Call, EXIT, oneOf, parse, UsageError, writeJson } from './options';
import { readReferences } from './references';
import { renderTable } from './table';

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
  const names = values.baseline === undefined || positionals.includes(values.baseline) ? positionals : [values.baseline, ...positionals];
  const models = await readReferences(names, call);
  const baseline = values.baseline === undefined ? 0 : names.indexOf(values.baseline);
  const result = await call.engine.compare({ models, sizes: parseSizes(values.sizes), baseline }, call.context);
  process.stdout.write(rendered(result, format));
  const failed = result.rows.filter(({ error }) => error !== '');
  for (const { name, size, error } of failed) process.stderr.write(`model-loupe: ${name}${size === null ? '' : ` at ${size}`}: ${error}\n`);
  for (const row of result.rows) {
    if (row.figures && row.figures.notCounted > 0) {
      process.stderr.write(
        `warning: ${row.name}: ${row.figures.notCounted} operators were not counted, so its figures are lower bounds.\n`,
      );
    }
  }
  return failed.length > 0 ? EXIT.wrong : EXIT.done;
}

async function diff(names: readonly string[], format: (typeof FORMATS)[number], call: Call): Promise<number> {
  if (names.length !== 2) throw new UsageError('--diff takes two models.');
  const [before, after] = await readReferences(names, call);
  if (!before || !after) throw new UsageError('--diff takes two models.');
  const result = await call.engine.diff({ before, after }, call.context);
  if (format === 'json') writeJson(result);
  else if (format === 'html') process.stdout.write(diffHtml(result, shortName(names[0]), shortName(names[1])));
  else process.stdout.write(diffText(result, format === 'table' ? 'text' : format === 'md' ? 'markdown' : 'csv'));
  return EXIT.done;
}

/** A file without its folder, a reference system without `arch:`. */
function shortName(name = ''): string {
  return name.startsWith('arch:') ? name.slice('arch:'.length) : (name.split(/[\\/]/).at(-1) ?? name);
}

function parseSizes(text: string | undefined): readonly number[] {
  if (text === undefined) return [];
  const sizes = text.split(',').map(Number);
  if (!sizes.every((size) => Number.isSafeInteger(size) && size > 0))
    throw new UsageError(`--sizes ${text} is not numbers such as 224,384.`);
  return sizes;
}

function rendered(result: Comparison, format: (typeof FORMATS)[number]): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(result, null, 2)}\n`;
    case 'html':
      return comparisonHtml(result);
    case 'csv':
      return comparisonCsv(result);
    case 'md':
      return renderTable(columns(result), result.rows.map(cells(result)), 'markdown');
    case 'table':
      return renderTable(columns(result), result.rows.map(cells(result)), 'text');
    default:
      return format satisfies never;
  }
}
