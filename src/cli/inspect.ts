import type { Count, OpenedCheckpoint, Profile, Totals, ValueProfile } from '../protocol';
import { formatBytes, formatCount, formatExact, formatMacs, NOT_KNOWN } from '../report/format';
import { checkpointLines, moduleLines } from './checkpointLines';
import { checkpointTensors, moduleRows, moduleTree } from './checkpointTree';
import { totalText } from './figures';
import { reportFindings, warnOfNotCounted } from './findings';
import { listed } from './listed';
import { type Call, parse, UsageError } from './options';
import { writeJson, writeLines } from './output';
import { modelSource } from './standardInput';

/** `inspect MODEL`: what the model editor's header says and the operators of each type; of a checkpoint its tensors by their types. */
export async function inspect(args: readonly string[], call: Call): Promise<number> {
  const { values, positionals } = parse(args, ['MODEL'], { json: { type: 'boolean' }, depth: { type: 'string', default: '3' } });
  const [path = ''] = positionals;
  const depth = values.depth === 'all' ? Number.POSITIVE_INFINITY : Number(values.depth);
  if (!(depth >= 1)) throw new UsageError(`--depth ${values.depth} is not a positive number or all.`);
  const opened = await call.engine.open({ model: await modelSource(path) }, call.context);
  if (opened.kind === 'checkpoint') {
    if (values.json) await writeJson(await checkpointReport(opened, call));
    else await writeLines(await checkpointText(opened, depth, call));
    return reportFindings(path, opened.checkpoint.findings);
  }
  const { profile } = opened;
  if (values.json) await writeJson(summary(profile));
  else await writeLines(lines(profile));
  if (!values.json) warnOfNotCounted(profile);
  return reportFindings(path, profile.warnings);
}

/** The summary with the whole tree and every tensor. */
async function checkpointReport({ handle, checkpoint }: OpenedCheckpoint, call: Call) {
  const { findings, ...summary } = checkpoint;
  return { ...summary, modules: await moduleTree(handle, call), tensors: await checkpointTensors(handle, call), findings };
}

/** Modules that are printed unless all are asked for. */
const SHOWN_MODULES = 300;

async function checkpointText({ handle, checkpoint }: OpenedCheckpoint, depth: number, call: Call): Promise<readonly string[]> {
  const most = depth === Number.POSITIVE_INFINITY ? depth : SHOWN_MODULES;
  const rows = await moduleRows(handle, { depth, most }, call);
  const cut = rows.length === most ? ['... more modules: --depth all prints every one, --json the tensors too.'] : [];
  return [...checkpointLines(checkpoint), ...(rows.length > 0 ? ['', ...moduleLines(rows), ...cut] : [])];
}

function summary(profile: Profile) {
  const { parameters, trainableParameters, macs, flops, weightBytes } = profile.totals;
  return {
    schema: 1,
    model: profile.model,
    bindings: profile.bindings,
    totals: { parameters, trainableParameters, macs, flops, weightBytes },
    lowerBounds: profile.lowerBounds,
    operators: operatorCounts(profile),
    notCounted: profile.notCounted,
    warnings: profile.warnings,
  };
}

function operatorCounts(profile: Profile): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const node of profile.nodes) {
    const type = node.domain ? `${node.domain}.${node.op}` : node.op;
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  // Not by a language's rules: they load for longer than a small model takes.
  return Object.fromEntries([...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)));
}

function lines(profile: Profile): readonly string[] {
  const { model } = profile;
  const atLeast = (name: keyof Totals, format: (count: Count) => string) => totalText(profile, name, format);
  const figure = (name: keyof Totals, format: (count: Count) => string) => {
    const text = atLeast(name, format);
    return text === NOT_KNOWN ? text : `${text} (${formatExact(profile.totals[name])})`;
  };
  const opsets = Object.entries(model.opsets).map(([domain, version]) => `${domain || 'ai.onnx'} ${version}`);
  const rows: [string, string][] = [
    ['format', `${model.format} ${model.formatVersion}, opset ${opsets.join(', ')}`],
    ['producer', model.producer || 'not given'],
    ['file', `${formatBytes(model.fileBytes)}`],
    ...model.externalFiles.map((file): [string, string] => [
      'external data',
      `${file.path} ${file.size === null ? '(missing)' : `(${formatBytes(file.size)})`}`,
    ]),
    ...model.inputs.map((value): [string, string] => ['input', valueText(value)]),
    ...model.outputs.map((value): [string, string] => ['output', valueText(value)]),
    ...Object.entries(profile.bindings).map(([name, { value, assumed }]): [string, string] => [
      'free dimension',
      `${name} = ${value}${assumed ? ' (assumed)' : ''}`,
    ]),
    ['parameters', `${figure('parameters', formatCount)}, ${atLeast('weightBytes', formatBytes)}`],
    ['multiply-adds', figure('macs', formatMacs)],
    [
      'operators',
      Object.entries(operatorCounts(profile))
        .map(([type, count]) => `${type} ${count}`)
        .join(', '),
    ],
  ];
  return listed(model.name, rows);
}

function valueText(value: ValueProfile): string {
  return `${value.name} ${value.dtype} ${value.shape ? `[${value.shape.map((dim) => dim ?? '?').join(', ')}]` : '[?]'}`;
}
