import type { RunResult } from '../protocol';
import { formatMilliseconds } from '../protocol/format';
import { writeBytes } from './files';
import { type Call, EXIT, modelFile, parse, UsageError, writeJson } from './options';

/** `run MODEL IMAGE`: labels, times and, with `--attention`, a picture of where the network looked. */
export async function run(args: readonly string[], { engine, context }: Call): Promise<number> {
  const { values, positionals } = parse(args, ['MODEL', 'IMAGE'], {
    provider: { type: 'string', default: 'auto' },
    attention: { type: 'string' },
    top: { type: 'string', default: '5' },
    json: { type: 'boolean' },
  });
  const [model = '', image = ''] = positionals;
  const top = Number(values.top);
  if (!Number.isSafeInteger(top) || top < 1) throw new UsageError(`--top ${values.top} is not a positive number.`);
  const result = await engine.run(
    { model: modelFile(model), image: { kind: 'file', path: image }, provider: values.provider, attention: true },
    context,
  );
  const file = values.attention;
  if (file !== undefined && result.attention.length > 0)
    await writeBytes(file, await engine.attentionPicture({ run: result.run }, context));
  if (values.json) writeJson(report(result, top, file));
  else process.stdout.write(text(result, top));
  for (const warning of [result.providerNote, ...result.warnings]) if (warning) process.stderr.write(`warning: ${warning}\n`);
  if (file !== undefined && result.attention.length === 0) {
    process.stderr.write(`model-loupe: ${model} has no attention layers that can be shown, so ${file} was not written.\n`);
  }
  await engine.closeRun({ run: result.run }, context);
  return EXIT.done;
}

function report(result: RunResult, top: number, file: string | undefined) {
  const { run: _handle, ...rest } = result;
  return {
    ...rest,
    labels: result.labels.slice(0, top),
    attention: result.attention.map((layer) => (file === undefined ? layer : { ...layer, file })),
  };
}

function text(result: RunResult, top: number): string {
  const width = Math.max(0, ...result.labels.slice(0, top).map(({ label }) => label.length));
  const labels = result.labels
    .slice(0, top)
    .map(({ label, probability }) => `${label.padEnd(width)}  ${(probability * 100).toFixed(1).padStart(5)}%`);
  const outputs = result.labels.length > 0 ? [] : result.outputs.map(({ name, dtype, shape }) => `${name}  ${dtype} [${shape.join(', ')}]`);
  const { decode, preprocess, session, run: running } = result.timings;
  const times = `decode ${formatMilliseconds(decode)}, preprocess ${formatMilliseconds(preprocess)}, session ${formatMilliseconds(session)}, run ${formatMilliseconds(running)} on ${result.provider}`;
  const layers = result.attention.map(
    ({ label, heads, queries, keys }) => `attention  ${label}: ${heads} heads, ${queries} queries x ${keys} keys`,
  );
  return `${[...labels, ...outputs, times, ...layers].join('\n')}\n`;
}
