import { needsModel } from '../engine/needsModel';
import { type ModelSource, TOOLS, type ToolName } from '../protocol';
import { Measured } from '../report/measured';
import type { TableFormat } from '../text';
import { reportFindings, warnOfNotCounted } from './findings';
import { type Call, oneOf, parse, parseBinding, parseShape, UsageError } from './options';
import { warn, writeJson, writeLines } from './output';
import { GROUPS, MEASURES, rowsOf } from './profileRows';
import { profileTable } from './profileTable';
import { reconciledLines } from './reconciledTable';
import { modelSource } from './standardInput';
import { parseValue } from './values';

const CONVENTIONS = ['macs', 'flops'] as const;

/** `profile MODEL`: the Profile as a table or as the JSON that the views get. */
export async function profile(args: readonly string[], { engine, context }: Call): Promise<number> {
  const { values, positionals } = parse(args, ['MODEL'], {
    input: { type: 'string', multiple: true },
    bind: { type: 'string', multiple: true },
    value: { type: 'string', multiple: true },
    group: { type: 'string', default: 'block' },
    by: { type: 'string' },
    convention: { type: 'string', default: 'macs' },
    measure: { type: 'boolean' },
    provider: { type: 'string' },
    runs: { type: 'string' },
    as: { type: 'string' },
    json: { type: 'boolean' },
    csv: { type: 'boolean' },
    markdown: { type: 'boolean' },
  });
  const [path = ''] = positionals;
  const group = oneOf('group', values.group, GROUPS);
  const convention = oneOf('convention', values.convention, CONVENTIONS);
  const by = values.by === undefined ? null : oneOf('by', values.by === 'params' ? 'parameters' : values.by, MEASURES);
  const timing = measureOptions(values, by === 'time');
  const tools = values.as === undefined ? null : toolsNamed(values.as);
  const source = await modelSource(path);
  const given = await Promise.all((values.value ?? []).map(parseValue));
  const asked = await inputShapes(values.input ?? [], source, { engine, context });
  const shapes = { ...asked, ...Object.fromEntries(given.flatMap(({ name, shape }) => (shape ? [[name, shape]] : []))) };
  const numbers = Object.fromEntries(given.map((one) => [one.name, one.numbers]));
  const bindings = Object.fromEntries((values.bind ?? []).map(parseBinding));
  const { profile: result, handle } = needsModel(await engine.open({ model: { ...source, bindings, shapes, values: numbers } }, context));
  const latency = timing && (await engine.latency({ model: { kind: 'open', handle }, ...timing }, context));
  const measured = latency && new Measured(latency, result);
  const reconciled = tools && (await engine.reconcile({ handle, tools }, context));
  const format: TableFormat = values.csv ? 'csv' : values.markdown ? 'markdown' : 'text';
  if (values.json) await writeJson({ ...result, ...(latency ? { latency } : {}), ...(reconciled ? { as: reconciled } : {}) });
  else if (reconciled) await writeLines(reconciledLines(reconciled, format));
  else {
    await writeLines(profileTable(rowsOf(result, group, by, measured), result, { format, convention, measured }));
  }
  const code = reportFindings(path, result.warnings);
  if (latency?.providerNote) warn(latency.providerNote);
  if (!values.json) warnOfNotCounted(result);
  return code;
}

async function inputShapes(
  texts: readonly string[],
  source: ModelSource,
  { engine, context }: Call,
): Promise<Record<string, readonly number[]>> {
  const shapes = texts.map(parseShape);
  if (shapes.length === 0) return {};
  const { profile } = needsModel(await engine.open({ model: source }, context));
  const { inputs } = profile.model;
  return Object.fromEntries(
    shapes.map(({ name, shape }) => {
      const [only, ...others] = inputs;
      const known = name === '' && others.length === 0 ? only?.name : inputs.find((input) => input.name === name)?.name;
      if (known === undefined)
        throw new UsageError(`The model has no input "${name}"; it has ${inputs.map((input) => input.name).join(', ')}.`);
      return [known, shape];
    }),
  );
}

/** Tools by name, separated by commas, or `all`. */
function toolsNamed(text: string): readonly ToolName[] {
  return text === 'all' ? TOOLS : text.split(',').map((name) => oneOf('as', name.trim(), TOOLS));
}

interface Timing {
  readonly provider: string;
  readonly runs?: number;
}

/** What `--measure` asks for, or `null` without it. */
function measureOptions(
  { measure, provider, runs }: { readonly measure?: boolean; readonly provider?: string; readonly runs?: string },
  byTime: boolean,
): Timing | null {
  if (!measure) {
    const lone = provider !== undefined ? '--provider' : runs !== undefined ? '--runs' : byTime ? '--by time' : null;
    if (lone !== null) throw new UsageError(`${lone} needs --measure.`);
    return null;
  }
  const count = runs === undefined ? undefined : Number(runs);
  if (count !== undefined && !(Number.isSafeInteger(count) && count >= 1)) throw new UsageError(`--runs ${runs} is not a positive number.`);
  return { provider: provider ?? 'auto', ...(count === undefined ? {} : { runs: count }) };
}
