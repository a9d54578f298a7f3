import type { ArchitectureRecord, FamilySummary } from '../protocol';
import { isForPeople } from '../protocol';
import { formatExact, formatMacs } from '../report/format';
import { type Column, tableLines } from '../text';
import { knobsAsOptions, knobText, range, requestOf } from './archKnobs';
import { formatDifference } from './figures';
import { writeBytes } from './files';
import { type Call, EXIT, oneOf, parse, UsageError } from './options';
import { complain, note, writeJson, writeLines } from './output';

/** `arch list | show NAME | build NAME`: the reference systems. */
export async function arch(args: readonly string[], call: Call): Promise<number> {
  const [action, ...rest] = args;
  if (action === 'list') return list(rest, call);
  if (action === 'show') return show(rest, call);
  if (action === 'build') return build(rest, call);
  throw new UsageError(action === undefined ? 'arch needs list, show or build.' : `arch has no "${action}"; it has list, show and build.`);
}

/** Every variant, built and counted beside what was published; one that fails says so and the rest goes on. */
async function list(args: readonly string[], { engine, context }: Call): Promise<number> {
  const { values } = parse(args, [], { json: { type: 'boolean' }, family: { type: 'string' } });
  const families = familiesNamed(await engine.architectures({}, context), values.family);
  const records: ArchitectureRecord[] = [];
  let code: number = EXIT.done;
  for (const family of families) {
    for (const { name } of family.variants) {
      try {
        records.push((await engine.architecture({ family: family.name, variant: name }, context)).record);
      } catch (error) {
        if (!isForPeople(error)) throw error;
        complain(`${family.name}, ${name}: ${error instanceof Error ? error.message : error}`);
        code = EXIT.wrong;
      }
    }
  }
  if (values.json) await writeJson(records);
  else await writeLines(tableLines(LIST_COLUMNS, records.map(listRow), 'text'));
  return code;
}

function familiesNamed(families: readonly FamilySummary[], name: string | undefined): readonly FamilySummary[] {
  if (name === undefined) return families;
  const found = families.filter((family) => family.name.toLowerCase() === name.toLowerCase());
  if (found.length === 0) throw new UsageError(`--family ${name} is not one of ${families.map((family) => family.name).join(', ')}.`);
  return found;
}

const LIST_COLUMNS: readonly Column[] = [
  { title: 'family' },
  { title: 'variant' },
  { title: 'parameters', right: true },
  { title: 'difference', right: true },
  { title: 'printed', right: true },
  { title: 'MACs', right: true },
  { title: 'difference', right: true },
  { title: 'printed', right: true },
  { title: 'top-1', right: true },
];

function listRow({ family, variant, parameters, macs, published, difference }: ArchitectureRecord): readonly string[] {
  const printedCost = published?.printedCost
    ? `${published.printedCost}${published.convention === 'MACs' ? '' : ` (${published.convention})`}`
    : '';
  return [
    family,
    variant,
    formatExact(parameters),
    formatDifference(difference.parameters),
    published?.printedParameters ?? '',
    formatMacs(macs),
    formatDifference(difference.macs),
    printedCost,
    published?.top1 ? String(published.top1) : '',
  ];
}

async function show(args: readonly string[], { engine, context }: Call): Promise<number> {
  const { values, positionals } = parse(knobsAsOptions(args, ['knob', 'json']), ['NAME'], {
    knob: { type: 'string', multiple: true },
    json: { type: 'boolean' },
  });
  const families = await engine.architectures({}, context);
  const { request, family } = requestOf(families, positionals[0] ?? '', values.knob ?? []);
  const { record } = await engine.architecture(request, context);
  if (values.json) await writeJson(record);
  else await writeLines(showText(record, family));
  return EXIT.done;
}

function showText(record: ArchitectureRecord, family: FamilySummary): readonly string[] {
  const { published, difference } = record;
  const shape = isShape(record.inputShape)
    ? listText(record.inputShape)
    : Object.entries(record.inputShape)
        .map(([name, one]) => `${name} ${listText(one)}`)
        .join(', ');
  const rows: [string, string][] = [
    ['family', `${family.name}: ${family.summary}`],
    ['source', family.source],
    ['input', shape],
    [
      'parameters',
      `${formatExact(record.parameters)}${beside(published?.parameters, difference.parameters, published?.printedParameters)}`,
    ],
    ['MACs', `${formatExact(record.macs)}${beside(published?.macs, difference.macs, published?.printedCost)}`],
    ...record.facts.map(({ name, value }): [string, string] => [name, value]),
    ...(published?.top1 ? [['top-1', `${published.top1}%`] as [string, string]] : []),
    ...(published ? [['published in', published.source] as [string, string], ['status', published.status] as [string, string]] : []),
    ...(published?.note ? [['note', published.note] as [string, string]] : []),
  ];
  const knobs = family.knobs.map((knob) => [knob.name, knobText(record.knobs[knob.name] ?? knob.default), range(knob), knob.doc]);
  const lines = rows.map(([name, value]) => `  ${name.padEnd(18)} ${value}`);
  const table = tableLines([{ title: 'knob' }, { title: 'value' }, { title: 'takes' }, { title: '' }], knobs, 'text');
  const notes = family.notes.map((note) => `- ${note}`);
  return [record.variant || family.name, ...lines, '', ...table, ...(notes.length > 0 ? ['', ...notes] : [])];
}

function beside(exact: number | null | undefined, difference: number | null, printed: string | null | undefined): string {
  const published = exact === null || exact === undefined ? [] : [`published ${formatExact(exact)}, ${formatDifference(difference)}`];
  const text = [...published, ...(printed ? [`printed ${printed}`] : [])].join('; ');
  return text === '' ? '' : ` (${text})`;
}

async function build(args: readonly string[], { engine, context }: Call): Promise<number> {
  const { values, positionals } = parse(knobsAsOptions(args, ['knob', 'output', 'weights', 'seed']), ['NAME'], {
    knob: { type: 'string', multiple: true },
    output: { type: 'string', short: 'o' },
    weights: { type: 'string', default: 'none' },
    seed: { type: 'string', default: '0' },
  });
  const weights = oneOf('weights', values.weights, ['none', 'seeded'] as const);
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new UsageError(`--seed ${values.seed} is not a whole number.`);
  const { request } = requestOf(await engine.architectures({}, context), positionals[0] ?? '', values.knob ?? []);
  const name = request.variant ?? '';
  const bytes = await engine.buildArchitecture({ ...request, weights, seed }, context);
  const path = values.output ?? `${name.replace(/[^\w.-]+/g, '-')}.onnx`;
  await writeBytes(path, bytes);
  note(`wrote ${path}, ${bytes.byteLength} bytes${weights === 'none' ? ', structure only: the weights are left out' : ''}`);
  return EXIT.done;
}

function isShape(shape: ArchitectureRecord['inputShape']): shape is readonly number[] {
  return Array.isArray(shape);
}

function listText(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}
