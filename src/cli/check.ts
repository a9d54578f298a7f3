import { dirname } from 'node:path';
import { UserError } from '../engine/errors';
import type { LimitResult, ModelReference, Verdict } from '../protocol';
import { formatAtLeast } from '../report/format';
import { parseJson } from '../text';
import { formatDifference, formatFigure } from './figures';
import { readText } from './files';
import { warnOfNotCounted } from './findings';
import { modelsNamed } from './modelArguments';
import { type Call, EXIT, parse, parseBinding, UsageError } from './options';
import { writeJson, writeLines } from './output';

/** `check MODEL --budget budgets.json`: exit code 1 where a limit is passed, with the blocks that it is owed to. */
export async function check(args: readonly string[], call: Call): Promise<number> {
  const { values, positionals } = parse(args, ['MODEL'], {
    budget: { type: 'string' },
    bind: { type: 'string', multiple: true },
    json: { type: 'boolean' },
  });
  if (values.budget === undefined) throw new UsageError('--budget FILE is missing.');
  const bindings = Object.fromEntries((values.bind ?? []).map(parseBinding));
  const limits = await readBudgets(values.budget);
  const [model] = await modelsNamed(positionals, call);
  if (!model) throw new UsageError('MODEL is missing.');
  const { results, profile } = await call.engine.check(
    { model: bound(model, bindings), limits, folder: dirname(values.budget) },
    call.context,
  );
  const passes = results.every((result) => result.passes);
  if (values.json) await writeJson({ schema: 1, model: positionals[0], passes, results });
  else await writeLines(results.flatMap(resultLines));
  warnOfNotCounted(profile);
  return passes ? EXIT.done : EXIT.wrong;
}

function bound(model: ModelReference, bindings: Readonly<Record<string, number>>): ModelReference {
  if (model.kind !== 'architecture') return { ...model, bindings: { ...model.bindings, ...bindings } };
  if (Object.keys(bindings).length > 0) throw new UserError('A reference system is bound by its knobs, not by --bind.');
  return model;
}

async function readBudgets(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return parseJson(text);
  } catch {
    throw new UserError(`${path} is not JSON; a budgets file holds one object, such as {"macs": {"max": "5G"}}.`);
  }
}

const VERDICTS: Readonly<Record<Verdict, string>> = { ok: 'ok  ', over: 'over', unknown: 'not known' };

function resultLines({ figure, value, limit, bound, baseline, lowerBound, verdict, blocks }: LimitResult): readonly string[] {
  const counted = figure.endsWith('.share')
    ? `${formatFigure(figure, value)}${lowerBound ? ' of what was counted' : ''}`
    : formatAtLeast(value, (count) => formatFigure(figure, count), lowerBound);
  const against = baseline
    ? `, ${formatDifference(Number(baseline.value) === 0 ? null : Number(value) / Number(baseline.value) - 1) || 'no share'} of ${baseline.name}'s ${formatFigure(figure, baseline.value)}`
    : '';
  const allowed = baseline ? `${limit} (${formatFigure(figure, bound)})` : limit;
  const line = `${VERDICTS[verdict]}  ${figure}: ${counted}${against}; ${allowed}`;
  const owed = blocks.map(({ ids, kind, label, where, value: spent }) => {
    const [times, each] = ids.length > 1 ? [` x${ids.length}`, ' each'] : ['', ''];
    const place = where === '' ? '' : ` from ${where}`;
    return `        ${label}${times} (${kind})${place}: ${baseline ? '+' : ''}${formatFigure(unitOf(figure), spent)}${each}`;
  });
  return [line, ...owed];
}

/** Blocks answer for a share with the multiply-adds it is made of. */
function unitOf(figure: string): string {
  return figure.endsWith('.share') ? 'macs' : figure;
}
