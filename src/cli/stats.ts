import type { TensorLook, TensorRow, TensorStatistics } from '../protocol';
import { formatExact, formatReal } from '../report/format';
import { tableLines } from '../text';
import { listed } from './listed';
import { type Call, EXIT, parse } from './options';
import { complain, progressLine, writeJson, writeLines } from './output';
import { modelSource } from './standardInput';
import { allTensors } from './storedTensors';

const FIGURES = ['minimum', 'maximum', 'mean', 'deviation', 'norm', 'zeros', 'nan', 'infinite', 'deadFilters'] as const;
const TITLES = { deviation: 'std', nan: 'NaN', infinite: 'Inf', deadFilters: 'dead' } as const;
const BARS = ' ▁▂▃▄▅▆▇█';

/** `stats FILE [TENSOR]`: figures of every stored tensor, or one tensor's with its histogram. */
export async function stats(args: readonly string[], call: Call): Promise<number> {
  const { values, positionals } = parse(args, ['FILE', '...'], { json: { type: 'boolean' } });
  const [path = '', ...names] = positionals;
  const { engine, context } = call;
  const { handle } = await engine.open({ model: await modelSource(path) }, context);
  if (names.length > 0) {
    const found: TensorStatistics[] = [];
    for (const tensor of names) found.push(await engine.statistics({ handle, tensor }, context));
    const rows = new Map((await allTensors(handle, call)).map((row) => [row.name, row]));
    const all = found.map((one) => ({ dtype: rows.get(one.name)?.dtype ?? '', shape: rows.get(one.name)?.shape ?? [], ...one }));
    if (values.json) await writeJson({ schema: 1, tensors: all });
    else await writeLines(all.flatMap((one) => oneLines(one)));
    return EXIT.done;
  }
  return everyTensor(handle, values.json === true, call);
}

async function everyTensor(handle: string, json: boolean, call: Call): Promise<number> {
  const line = progressLine();
  const rows = await allTensors(handle, call);
  const found: ({ readonly name: string; readonly dtype: string; readonly shape: TensorRow['shape'] } & TensorLook)[] = [];
  let failed = 0;
  for (const [index, { name, dtype, shape }] of rows.entries()) {
    if (dtype === 'string') continue;
    line.show({ stage: 'stats', fraction: index / rows.length });
    try {
      found.push({ name, dtype, shape, ...(await call.engine.moments({ handle, tensor: name }, call.context)) });
    } catch (error) {
      line.clear();
      complain(error instanceof Error ? error.message : String(error));
      failed += 1;
    }
  }
  line.clear();
  if (json) await writeJson({ schema: 1, tensors: found });
  else await writeLines(tableOf(found));
  return failed > 0 ? EXIT.wrong : EXIT.done;
}

function tableOf(
  found: readonly ({ readonly name: string; readonly dtype: string; readonly shape: TensorRow['shape'] } & TensorLook)[],
): readonly string[] {
  const columns = [
    { title: 'tensor' },
    { title: 'type' },
    { title: 'shape' },
    ...FIGURES.map((name) => ({ title: name in TITLES ? TITLES[name as keyof typeof TITLES] : name, right: true })),
  ];
  const cells = found.map((one) => [one.name, one.dtype, `[${one.shape.join(', ')}]`, ...FIGURES.map((name) => figure(name, one[name]))]);
  return tableLines(columns, cells, 'text');
}

function oneLines(one: TensorStatistics & { readonly dtype: string; readonly shape: TensorRow['shape'] }): readonly string[] {
  return listed(one.name, [
    ['type', `${one.dtype} [${one.shape.join(', ')}], ${formatExact(one.count)} elements`],
    ...FIGURES.map((name): [string, string] => [name in TITLES ? TITLES[name as keyof typeof TITLES] : name, figure(name, one[name])]),
    ['histogram', `${figure('minimum', one.minimum)} ${bars(one.histogram)} ${figure('maximum', one.maximum)}`],
  ]);
}

function figure(name: (typeof FIGURES)[number], value: number): string {
  return name === 'zeros' || name === 'nan' || name === 'infinite' || name === 'deadFilters' ? formatExact(value) : formatReal(value);
}

/** A bar of one character for each bin; one that holds anything is seen. */
function bars(bins: readonly number[]): string {
  const most = bins.reduce((top, bin) => Math.max(top, bin), 1);
  return bins.map((bin) => BARS[bin === 0 ? 0 : Math.max(1, Math.round((bin / most) * (BARS.length - 1)))]).join('');
}
