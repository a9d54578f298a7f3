import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { InferenceSession, Tensor } from 'onnxruntime-common';
import { LimitError, UserError } from '../bytes';
import { explain, plainError } from './explain';
import { type PreparedModel, prepareModel } from './onnxModel';
import type { ProfileOrder, ProfileReport, Profiler } from './profiler';
import { profileSession } from './profileSession';
import { hasGpu, hasNvidia, type Machine, type Provider, providerOrder } from './providers';
import type { RunOrder, RunReport, Runtime, RuntimeProvider, RuntimeTensor, TensorData } from './runtime';
import { SessionCache } from './sessionCache';

type Ort = typeof import('onnxruntime-node');

/** Sessions kept for the next run. */
const KEPT_SESSIONS = 4;
/** Weights of kept sessions together. */
const KEPT_BYTES = 2 ** 31;
/** Only fatal messages: everything else comes as an error that is explained. */
const LOG_FATAL = 4;
/** Causes that lie in the machine, not in the model: such a provider is not tried again. */
const MACHINE_CAUSE = /WebGPU adapter|shared library|no available backend/;

/** Said of providers whose own clock the trace does not have. */
const LAUNCH_TIMES = 'Times of single operators are of the calls that start them on the device, which may end later.';

/** ONNX Runtime through onnxruntime-node, which is loaded at the first use. */
export class OnnxRuntime implements Runtime, Profiler {
  readonly profiler = this;
  private ort: Promise<Ort> | null = null;
  private machine: Machine | null = null;
  private readonly sessions = new SessionCache<InferenceSession>(KEPT_SESSIONS, KEPT_BYTES);
  private readonly unusable = new Map<Provider, unknown>();
  private queue: Promise<unknown> = Promise.resolve();

  /** @param importOrt loads the package; native code stays out of the process until a run needs it */
  constructor(private readonly importOrt: () => Promise<Ort> = () => import('onnxruntime-node')) {}

  async providers(): Promise<readonly RuntimeProvider[]> {
    const ort = await this.load();
    return ort.listSupportedBackends().map(({ name, bundled }) => ({ name, bundled: bundled || (name === 'cuda' && hasCudaLibrary()) }));
  }

  /** One run at a time: native code would block the others anyway, and no session is released while it runs. */
  run(order: RunOrder): Promise<RunReport> {
    return this.enqueue(() =>
      this.onProviders(order, order.taps, (provider, prepared, notes) => this.runOn(provider, prepared, order, notes)),
    );
  }

  /** In the same queue, so that nothing else runs while times are measured. */
  profile(order: ProfileOrder): Promise<ProfileReport> {
    return this.enqueue(() => this.onProviders(order, [], (provider, prepared, notes) => this.profileOn(provider, prepared, order, notes)));
  }

  async dispose(): Promise<void> {
    await this.queue;
    await this.sessions.clear();
  }

  private enqueue<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.queue.then(work);
    this.queue = result.catch(() => undefined);
    return result;
  }

  private async onProviders<Result>(
    order: Pick<RunOrder, 'model' | 'provider' | 'signal'>,
    taps: readonly string[],
    attempt: (provider: Provider, prepared: PreparedModel, notes: readonly string[]) => Promise<Result>,
  ): Promise<Result> {
    const { order: providers, note } = providerOrder(order.provider, await this.describeMachine());
    const notes = note === '' ? [] : [note];
    const prepared = await prepareModel(order.model, taps);
    for (const provider of providers) {
      order.signal?.throwIfAborted();
      try {
        return await attempt(provider, prepared, notes);
      } catch (error) {
        if (error instanceof LimitError) throw error;
        if (provider === 'cpu' || order.signal?.aborted) throw order.signal?.aborted ? error : plainError(error, order.model.name);
        if (MACHINE_CAUSE.test(String(error))) this.unusable.set(provider, error);
        await this.sessions.drop(`${provider}:${prepared.key}`);
        notes.push(`${provider}: ${explain(error, order.model.name)}`);
      }
    }
    throw new Error('no provider was tried');
  }

  private async runOn(provider: Provider, prepared: PreparedModel, order: RunOrder, notes: readonly string[]): Promise<RunReport> {
    const ort = await this.load();
    const started = performance.now();
    const key = `${provider}:${prepared.key}`;
    const cached = this.sessions.get(key);
    if (!cached) order.onStage?.('session');
    const session = cached ?? (await this.create(ort, provider, prepared));
    if (!cached) await this.sessions.add(key, session, prepared.bytes);
    const ready = performance.now();
    order.signal?.throwIfAborted();
    order.onStage?.('run');
    const feeds = toFeeds(ort, order.feeds);
    const running = performance.now();
    const results = await session.run(feeds);
    const tensors = await fromResults(results);
    const finished = performance.now();
    const taps = new Set(order.taps);
    return {
      tensors,
      outputs: session.outputNames.filter((name) => !taps.has(name)),
      provider,
      note: notes.join(' '),
      timings: { session: cached ? 0 : ready - started, run: finished - running },
    };
  }

  private async profileOn(
    provider: Provider,
    prepared: PreparedModel,
    order: ProfileOrder,
    notes: readonly string[],
  ): Promise<ProfileReport> {
    const ort = await this.load();
    const feeds = toFeeds(ort, order.feeds);
    const create = (options: InferenceSession.SessionOptions) => this.create(ort, provider, prepared, options);
    const { deviceTimes, ...report } = await profileSession(create, prepared, feeds, order);
    const launches = provider !== 'cpu' && !deviceTimes ? [LAUNCH_TIMES] : [];
    return { ...report, provider, note: [...notes, ...launches].join(' ') };
  }

  private async create(
    ort: Ort,
    provider: Provider,
    prepared: PreparedModel,
    more: InferenceSession.SessionOptions = {},
  ): Promise<InferenceSession> {
    const known = this.unusable.get(provider);
    if (known !== undefined) throw known;
    const options: InferenceSession.SessionOptions = {
      executionProviders: [provider],
      logSeverityLevel: LOG_FATAL,
      ...more,
      ...(prepared.folder === '' ? {} : { extra: { session: { model_external_initializers_file_folder_path: prepared.folder } } }),
    };
    const model = await prepared.load();
    return typeof model === 'string' ? ort.InferenceSession.create(model, options) : ort.InferenceSession.create(model, options);
  }

  private async describeMachine(): Promise<Machine> {
    const { platform } = process;
    this.machine ??= {
      platform,
      gpu: hasGpu(platform, process.env),
      nvidia: hasNvidia(platform),
      bundled: new Set((await this.providers()).filter(({ bundled }) => bundled).map(({ name }) => name)),
    };
    return this.machine;
  }

  private load(): Promise<Ort> {
    // ONNX Runtime's builds report their use over the network unless this is set before they are loaded.
    process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
    this.ort ??= this.importOrt().then(
      (ort) => {
        ort.env.logLevel = 'fatal';
        return ort;
      },
      (error: unknown) => {
        this.ort = null;
        throw loadingError(error);
      },
    );
    return this.ort;
  }
}

function loadingError(error: unknown): UserError {
  const [cause] = (error instanceof Error ? error.message : String(error)).split('\n');
  return new UserError(
    `ONNX Runtime cannot be loaded on this machine (${process.platform} ${process.arch}): ${cause}. Reinstall the extension for this platform.`,
  );
}

function hasCudaLibrary(): boolean {
  if (process.platform !== 'linux') return false;
  const entry = createRequire(__filename).resolve('onnxruntime-node/package.json');
  return existsSync(join(dirname(entry), 'bin/napi-v6/linux', process.arch, 'libonnxruntime_providers_cuda.so'));
}

function toFeeds(ort: Ort, feeds: RunOrder['feeds']): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, toOrt(ort, tensor)]));
}

function toOrt(ort: Ort, { dtype, shape, data }: RuntimeTensor): Tensor {
  return new ort.Tensor(dtype as Tensor.Type, data as Tensor.DataType, shape);
}

async function fromResults(results: InferenceSession.ReturnType): Promise<Record<string, RuntimeTensor>> {
  const tensors: Record<string, RuntimeTensor> = Object.create(null);
  for (const [name, value] of Object.entries(results)) {
    // Sequences and maps come as other objects; no image model's classes are in one.
    if (!('dims' in value)) continue;
    const data = (await value.getData()) as TensorData;
    tensors[name] = { dtype: value.type, shape: [...value.dims], data: value.type === 'float16' ? halfBits(data) : data };
  }
  return tensors;
}

/** Where the platform has Float16Array the package returns that; its bits are the same everywhere. */
function halfBits(data: TensorData): TensorData {
  if (!ArrayBuffer.isView(data)) return data;
  return data instanceof Uint16Array ? data : new Uint16Array(data.buffer, data.byteOffset, data.length);
}
