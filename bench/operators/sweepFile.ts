import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as ort from 'onnxruntime-node';
import type { Analysis } from '../../src/analysis/assemble';
import { analyse } from '../../src/analysis/assemble';
import { factOfType, formatFact } from '../../src/analysis/shapes/facts';
import { FormatError, LimitError, UserError } from '../../src/bytes';
import { openFileSource, siblingOpener } from '../../src/engine/fileSource';
import { appendOutputs } from '../../src/formats/onnx/append';
import { openModel } from '../../src/formats/registry';
import type { Model } from '../../src/model';
import type { Fact } from '../../src/operators/rule';
import { type Feed, feedsOf } from './feeds';

/** What became of one file. `different` says what was found, what ONNX Runtime made, and why they may differ. */
export type Outcome =
  | { readonly kind: 'refused'; readonly why: string; readonly runs: boolean }
  | { readonly kind: 'crash'; readonly why: string }
  | { readonly kind: 'notRun'; readonly why: string }
  | { readonly kind: 'compared'; readonly equal: number; readonly unknown: number; readonly different: readonly string[] };

const QUIET = { logSeverityLevel: 4, graphOptimizationLevel: 'disabled' } as const;

/** Opens and analyses a file, runs it with every value as an output, and compares types and shapes. */
export async function sweepFile(path: string): Promise<Outcome> {
  let model: Model;
  try {
    model = await opened(path);
  } catch (error) {
    const told = error instanceof FormatError || error instanceof LimitError || error instanceof UserError;
    return told ? { kind: 'refused', why: error.message, runs: await loads(path) } : { kind: 'crash', why: stackOf(error) };
  }
  let analysis: Analysis;
  let feeds: readonly Feed[];
  try {
    feeds = feedsOf(path, model);
    analysis = analyse(model, { name: path, bytes: 0 }, { shapes: Object.fromEntries(feeds.map(({ name, shape }) => [name, shape])) });
  } catch (error) {
    return error instanceof UserError ? { kind: 'notRun', why: error.message } : { kind: 'crash', why: stackOf(error) };
  }
  try {
    return compared(analysis, await run(path, model, feeds));
  } catch (error) {
    return {
      kind: 'notRun',
      why: String(error)
        .replaceAll('\n', ' ')
        .replace(/node \(.*|'.*?'|".*?"/g, '...')
        .slice(0, 120),
    };
  }
}

async function opened(path: string): Promise<Model> {
  const source = await openFileSource(path);
  try {
    return await openModel(source, { name: path, openSibling: siblingOpener(dirname(path), path) });
  } finally {
    await source.close();
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 3).join(' ') : String(error);
}

async function loads(path: string): Promise<boolean> {
  try {
    await (await ort.InferenceSession.create(path, QUIET)).release();
    return true;
  } catch {
    // That it does not load either is the answer.
    return false;
  }
}

async function run(path: string, model: Model, feeds: readonly Feed[]): Promise<ort.InferenceSession.OnnxValueMapType> {
  const bytes = readFileSync(path);
  const outputs = new Set(model.graph.outputs.map(({ name }) => name));
  const inner = model.graph.nodes.flatMap((node) => node.outputs.filter((name) => name !== '' && !outputs.has(name)));
  const inputs = Object.fromEntries(feeds.map(({ name, tensor }) => [name, tensor]));
  const options = { ...QUIET, extra: { session: { model_external_initializers_file_folder_path: dirname(path) } } };
  try {
    return await once(Buffer.concat([bytes, appendOutputs([...new Set(inner)])]), options, inputs);
  } catch {
    // A value that can be no output (a sequence's, an optional's): the model's own outputs are compared then.
    return once(bytes, options, inputs);
  }
}

async function once(
  bytes: Uint8Array,
  options: ort.InferenceSession.SessionOptions,
  inputs: Readonly<Record<string, ort.Tensor>>,
): Promise<ort.InferenceSession.OnnxValueMapType> {
  const session = await ort.InferenceSession.create(bytes, options);
  try {
    return await session.run(inputs);
  } finally {
    await session.release();
  }
}

function compared({ model, shapes }: Analysis, results: ort.InferenceSession.OnnxValueMapType): Outcome {
  let equal = 0;
  let unknown = 0;
  const different: string[] = [];
  for (const [name, result] of Object.entries(results)) {
    if (!(result instanceof ort.Tensor)) continue;
    const fact = shapes.fact(name);
    const made = `${result.type} [${result.dims.join(', ')}]`;
    if (isUnknown(fact)) unknown++;
    else if (formatFact(fact) === made) equal++;
    else different.push(`"${name}" is ${formatFact(fact)} here and ${made} in ONNX Runtime (${reasonFor(name, model, shapes)})`);
  }
  return { kind: 'compared', equal, unknown, different };
}

function isUnknown(fact: Fact): boolean {
  return fact.kind !== 'tensor' || fact.shape === null || fact.shape.some((extent) => typeof extent !== 'number');
}

function reasonFor(name: string, { graph }: Model, { main, findings, fact }: Analysis['shapes']): string {
  const declared = [...graph.values, ...graph.outputs].find((value) => value.name === name);
  if (declared && formatFact(factOfType(declared.type, {})) === formatFact(fact(name))) {
    return 'as the file declares it; in the run it depends on the values that were fed';
  }
  const maker = main.nodes.find(({ outputs }) => outputs.includes(name));
  const said = findings.find(({ node }) => node === maker?.id);
  return said ? said.message : maker ? `made by ${maker.op}` : 'an input';
}
