import { own } from '../data';
import { HEALTH_CODES, type HealthReport } from '../protocol';
import { formatBytes, formatExact } from '../report/format';
import { tableLines } from '../text';
import { needsCheckpoint } from './needsCheckpoint';
import { type Call, EXIT, parse } from './options';
import { progressLine, writeJson, writeLines } from './output';
import { modelSource } from './standardInput';

/** `health FILE`: what is wrong with a checkpoint's values; exit code 1 where the network cannot work with them. */
export async function health(args: readonly string[], call: Call): Promise<number> {
  const { values, positionals } = parse(args, ['FILE'], { json: { type: 'boolean' } });
  const [path = ''] = positionals;
  const { handle } = await needsCheckpoint(await modelSource(path), call);
  const line = progressLine();
  const report = await call.engine.health({ handle }, { ...call.context, progress: line.show });
  line.clear();
  if (values.json) await writeJson(report);
  else await writeLines(lines(report));
  return report.findings.some(({ severity }) => severity === 'error') ? EXIT.wrong : EXIT.done;
}

function lines({ model, tensors, bytes, counts, findings, moreFindings }: HealthReport): readonly string[] {
  const looked = `${model.name}: ${formatExact(tensors)} tensors, ${formatBytes(bytes)}`;
  if (findings.length === 0) return [`${looked}, nothing found.`];
  const kinds = HEALTH_CODES.flatMap((code) => (own(counts, code) ? [`${code} ${own(counts, code)}`] : []));
  const rows = findings.map(({ severity, code, message }) => [severity, code, message]);
  const more = moreFindings > 0 ? [`... ${moreFindings} more.`] : [];
  return [
    `${looked}: ${kinds.join(', ')}`,
    '',
    ...tableLines([{ title: 'severity' }, { title: 'what' }, { title: '' }], rows, 'text'),
    ...more,
  ];
}
