import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { BlockResult } from '../analysis/blocks/types';
import { type TappedLayer, tappedLayer } from '../attention/maps';
import { attentionTaps, type Tap, type Taps } from '../attention/taps';
import { UserError } from '../bytes';
import { graphInputs, type Model, type Shape } from '../model';
import type {
  AttentionMap,
  CallContext,
  EngineApi,
  Handlers,
  ModelFile,
  ModelSource,
  Profile,
  ProviderInfo,
  RunRequest,
  RunResult,
} from '../protocol';
import { Runtimes } from '../runtime/registry';
import type { RunOrder, RunReport, Runtime } from '../runtime/runtime';
import { chooseRecipe } from '../vision/chooseRecipe';
import { decodeOutputs, type OutputTensor } from '../vision/decoders';
import type { Size } from '../vision/geometry';
import { type ImageInput, imageInput } from '../vision/imageInput';
import { chooseLabels } from '../vision/labels';
import { type Preprocessed, preprocess } from '../vision/preprocess';
import { decodeImage, loadDecoder } from './decodeImage';
import { heatSheet } from './heatPicture';
import { encodePng } from './pictures';
import { NO_SIDECARS, readSidecars } from './runSidecars';
import { RunStore } from './runStore';
import { byteLength, elementReader, toFloat32 } from './runTensors';
import { runtimeModel } from './runtimeModel';

type RunProfile = Pick<Profile, 'blocks'> & { readonly model: Pick<Profile['model'], 'inputs'> };

/** What running needs of the models' store. */
export interface RunModels {
  open(source: ModelSource, signal?: AbortSignal): Promise<{ readonly model: Model; readonly name: string }>;
  analysis(
    model: ModelFile,
    signal?: AbortSignal,
  ): Promise<{ readonly profile: RunProfile; readonly blocks: Pick<BlockResult, 'attention'> }>;
}

/** The input that an image becomes, as it is fed. */
interface Fed {
  readonly name: string;
  readonly shape: readonly number[];
}

type RunMethods = Handlers<Pick<EngineApi, 'run'>>;

/** Runs models on images, and answers what is asked about a run afterwards. */
export class Runner implements RunMethods {
  private readonly runs = new RunStore();

  constructor(
    private readonly models: RunModels,
    private readonly runtimes: Pick<Runtimes, 'choose' | 'providers' | 'dispose'> = new Runtimes(),
  ) {}

  providers(): Promise<readonly ProviderInfo[]> {
    return this.runtimes.providers();
  }

  /**
   * Decodes, preprocesses and runs.
   * @throws FormatError, LimitError or UserError in one sentence when the image or the model is wrong.
   */
  async run(request: RunRequest, context: CallContext): Promise<RunResult> {
    const { model, name } = await this.models.open(request.model, context.signal);
    const runtime = this.runtimes.choose(model, name);
    const input = imageInput(graphInputs(model.graph), name);
    const sidecars = request.model.kind === 'file' ? await readSidecars(request.model.path) : NO_SIDECARS;
    const sources = { ...sidecars, metadata: model.metadata };
    const { recipe, warnings } = chooseRecipe(sources, input, request.recipe, await this.freeSize(request.model, input, context.signal));
    await loadDecoder();
    const watch = stopwatch();
    stage(context, 'decode');
    const image = await decodeImage(request.image, { signal: context.signal });
    const decode = watch();
    stage(context, 'preprocess');
    const prepared = preprocess(image, recipe, Math.max(1, input.batch));
    const timings = { decode, preprocess: watch() };
    const shape = input.batch === 0 ? prepared.tensor.shape.slice(1) : prepared.tensor.shape;
    const taps = request.attention
      ? await this.taps(request.model, model, { name: input.name, shape }, context.signal)
      : { taps: [], warnings: [] };
    const tensor = { dtype: prepared.tensor.dtype, shape, data: prepared.tensor.data };
    const order = { model: runtimeModel(request.model, model, name), feeds: { [input.name]: tensor }, provider: request.provider };
    const ran = await runWithTaps(runtime, order, taps, context);
    const layers = tappedLayers(taps.taps, ran.report, prepared, input);
    const decoded = decodeOutputs(outputTensors(ran.report), chooseLabels(sources));
    const run = randomUUID();
    const tapped = taps.taps.reduce((bytes, { value }) => bytes + tensorBytes(ran.report, value), 0);
    this.runs.add(run, { image, seen: prepared.pixels, layers, bytes: image.data.length + prepared.pixels.data.length + tapped });
    return {
      schema: 1,
      run,
      model: name,
      image: { name: imageName(request.image), width: image.width, height: image.height },
      provider: ran.report.provider,
      providerNote: ran.report.note,
      timings: { ...timings, ...ran.report.timings },
      recipe,
      seen: prepared.seen,
      answers: decoded.answers,
      labels: decoded.answers.flatMap((answer) => (answer.kind === 'classes' ? answer.classes : [])),
      outputs: describeOutputs(ran.report),
      attention: layers.map(({ layer }) => layer),
      warnings: [...sidecars.warnings, ...warnings, ...decoded.warnings, ...ran.warnings],
    };
  }

  async attention({ run, block, head, window }: Parameters<EngineApi['attention']>[0]): Promise<AttentionMap> {
    const found = this.runs.get(run).layers.find(({ layer }) => layer.block === block);
    if (!found) throw new UserError(`The run has no attention layer ${block}.`);
    const { queries, keys } = found.layer;
    return { block, queries, keys, values: found.map(head, window) };
  }

  async attentionPicture({ run }: { readonly run: string }): Promise<Uint8Array> {
    const { seen, layers } = this.runs.get(run);
    return encodePng(heatSheet(seen, layers));
  }

  async seenImage({ run }: { readonly run: string }): Promise<Uint8Array> {
    return encodePng(this.runs.get(run).seen);
  }

  async imagePreview({ run, limit }: { readonly run: string; readonly limit: number }): Promise<Uint8Array> {
    return encodePng(this.runs.get(run).image, limit);
  }

  async closeRun({ run }: { readonly run: string }): Promise<void> {
    this.runs.close(run);
  }

  /** Releases the sessions. */
  dispose(): Promise<void> {
    return this.runtimes.dispose();
  }

  private async taps(source: ModelSource, model: Model, { name, shape }: Fed, signal: AbortSignal): Promise<Taps> {
    const plain = await this.models.analysis(source, signal);
    // The views' own analysis serves where it assumed the very shape that is fed.
    const fits = String(inputShape(plain.profile, name)) === String(shape);
    const { profile, blocks } = fits ? plain : await this.models.analysis({ ...source, shapes: { [name]: shape } }, signal);
    return attentionTaps(blocks.attention, profile.blocks, model.graph);
  }

  /** A size that fits the model's own constants, where its input leaves it free. */
  private async freeSize(source: ModelSource, input: ImageInput, signal: AbortSignal): Promise<Size | undefined> {
    if (input.height !== null && input.width !== null) return undefined;
    const { profile } = await this.models.analysis(source, signal);
    const shape = inputShape(profile, input.name)?.slice(-3);
    const [height, width] = shape?.slice(input.layout === 'NCHW' ? 1 : 0) ?? [];
    return typeof height === 'number' && typeof width === 'number' ? { height, width } : undefined;
  }
}

/** Attention must not cost the answers: when the tapped model fails, the plain one runs. */
async function runWithTaps(
  runtime: Runtime,
  what: Pick<RunOrder, 'model' | 'feeds' | 'provider'>,
  { taps, warnings }: Taps,
  context: CallContext,
): Promise<{ readonly report: RunReport; readonly warnings: readonly string[] }> {
  const order = { ...what, signal: context.signal, onStage: (name: string) => stage(context, name) };
  const values = [...new Set(taps.map(({ value }) => value))];
  try {
    return { report: await runtime.run({ ...order, taps: values }), warnings };
  } catch (error) {
    if (values.length === 0 || !(error instanceof UserError)) throw error;
    const report = await runtime.run({ ...order, taps: [] });
    return { report, warnings: [...warnings, `The attention maps could not be read: ${error.message}`] };
  }
}

function inputShape(profile: RunProfile, input: string): Shape | null {
  return profile.model.inputs.find(({ name }) => name === input)?.shape ?? null;
}

function stage(context: CallContext, name: string): void {
  context.signal.throwIfAborted();
  context.progress({ stage: name, fraction: null });
}

/** Milliseconds since the last call. */
function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const now = performance.now();
    const passed = now - last;
    last = now;
    return passed;
  };
}

function tappedLayers(taps: readonly Tap[], report: RunReport, prepared: Preprocessed, input: ImageInput): readonly TappedLayer[] {
  return taps.flatMap((tap) => {
    const tensor = report.tensors[tap.value];
    const read = tensor && elementReader(tensor);
    return (read && tappedLayer(tap, tensor.shape, read, prepared.pixels, Math.max(1, input.batch))) || [];
  });
}

function outputTensors(report: RunReport): readonly OutputTensor[] {
  return report.outputs.flatMap((name) => {
    const tensor = report.tensors[name];
    return tensor ? [{ name, dtype: tensor.dtype, shape: tensor.shape, values: toFloat32(tensor) }] : [];
  });
}

function describeOutputs(report: RunReport): RunResult['outputs'] {
  return report.outputs.flatMap((name) => {
    const tensor = report.tensors[name];
    return tensor ? [{ name, dtype: tensor.dtype, shape: tensor.shape }] : [];
  });
}

function tensorBytes(report: RunReport, name: string): number {
  const tensor = report.tensors[name];
  return tensor ? byteLength(tensor) : 0;
}

function imageName(image: RunRequest['image']): string {
  return image.kind === 'file' ? basename(image.path) : image.name;
}
