import type { RunRequest, RunResult } from '../protocol';
import { formatMilliseconds } from '../report/format';
import { tableLines } from '../text';
import { writeBytes } from './files';
import { type Call, EXIT, parse, UsageError } from './options';
import { complain, warn, writeJson, writeLines } from './output';
import { modelSource, readStandardInput, STANDARD_INPUT } from './standardInput';

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
  if (model === STANDARD_INPUT && image === STANDARD_INPUT) throw new UsageError('Only one of MODEL and IMAGE can be standard input.');
  const result = await engine.run(
    { model: await modelSource(model), image: await imageSource(image), provider: values.provider, attention: true },
    context,
  );
  const file = values.attention;
  if (file !== undefined && result.attention.length > 0)
    await writeBytes(file, await engine.attentionPicture({ run: result.run }, context));
  if (values.json) await writeJson(report(result, top, file));
  else await writeLines(lines(result, top));
  for (const warning of [result.providerNote, ...result.warnings]) if (warning) warn(warning);
  if (file !== undefined && result.attention.length === 0) {
    complain(`${model} has no attention layers that can be shown, so ${file} was not written.`);
  }
  await engine.closeRun({ run: result.run }, context);
  return EXIT.done;
}

async function imageSource(path: string): Promise<RunRequest['image']> {
  return path === STANDARD_INPUT ? { kind: 'bytes', name: 'stdin', bytes: await readStandardInput() } : { kind: 'file', path };
}

function report(result: RunResult, top: number, file: string | undefined) {
  const { run: _handle, ...rest } = result;
  return {
    ...rest,
    answers: result.answers.map((answer) => (answer.kind === 'classes' ? { ...answer, classes: answer.classes.slice(0, top) } : answer)),
    labels: result.labels.slice(0, top),
    attention: result.attention.map((layer) => (file === undefined ? layer : { ...layer, file })),
  };
}

function lines(result: RunResult, top: number): readonly string[] {
  const shown = result.labels.slice(0, top).map(({ label, probability }) => [label, `${(probability * 100).toFixed(1)}%`.padStart(6)]);
  // The table's head says nothing that a label and its share do not.
  const labels = tableLines([{ title: '' }, { title: '', right: true }], shown, 'text').slice(1);
  const outputs = result.labels.length > 0 ? [] : result.outputs.map(({ name, dtype, shape }) => `${name}  ${dtype} [${shape.join(', ')}]`);
  const { decode, preprocess, session, run: running } = result.timings;
  const times = `decode ${formatMilliseconds(decode)}, preprocess ${formatMilliseconds(preprocess)}, session ${formatMilliseconds(session)}, run ${formatMilliseconds(running)} on ${result.provider}`;
  const layers = result.attention.map(
    ({ label, heads, queries, keys }) => `attention  ${label}: ${heads} heads, ${queries} queries x ${keys} keys`,
  );
  return [...labels, ...outputs, times, ...layers];
}
