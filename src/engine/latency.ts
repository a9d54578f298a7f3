import type { Analysis } from '../analysis/assemble';
import { type LatencyResult, mapLatency } from '../analysis/latency';
import type { NodeProfile } from '../analysis/profile';
import { sampleValues } from '../analysis/sampleValues';
import { UserError } from '../bytes';
import type { CallContext, EngineApi, Handlers, LatencyReport, LatencyRequest, ModelFile, NodeLatency } from '../protocol';
import { type MachinePeak, measurePeak, roofline } from '../runtime/machinePeak';
import type { Profiler } from '../runtime/profiler';
import type { Runtimes } from '../runtime/registry';
import type { RuntimeTensor } from '../runtime/runtime';
import { sampleInputs } from '../runtime/sampleInputs';
import type { AnalysisStore } from './analysisStore';
import { withBuilt } from './builtModel';
import type { OpenModels } from './openModels';
import { runtimeModel } from './runtimeModel';

/** Runs when nobody says how many, and milliseconds after which no further one begins. */
const DEFAULT_RUNS = 20;
const DEFAULT_BUDGET = 3000;
const WARMUP = 2;
/** Of the trace, which lists every kernel of every run: 60,000 take some 50 MB. */
const MAX_EVENTS = 60_000;
/** Share of the progress bar that measuring the machine takes. */
const MACHINE_SHARE = 0.3;

interface Order extends Omit<LatencyRequest, 'model'> {
  readonly model: ModelFile;
}

/** Measures where a model's time goes on this machine. */
export class Measurer {
  private readonly peaks = new Map<string, MachinePeak>();

  constructor(
    private readonly store: Pick<AnalysisStore, 'open' | 'analysis' | 'forget'>,
    private readonly models: Pick<OpenModels, 'get'>,
    private readonly runtimes: Pick<Runtimes, 'profiler'>,
    private readonly architectures: Pick<Handlers<EngineApi>, 'buildArchitecture'>,
  ) {}

  /** @throws UserError or LimitError in one sentence when the model cannot be run. */
  async latency({ model, ...request }: LatencyRequest, context: CallContext): Promise<LatencyReport> {
    if (model.kind === 'open') return this.measure({ ...request, model: await this.models.get(model.handle) }, context);
    if (model.kind !== 'architecture') return this.measure({ ...request, model }, context);
    context.progress({ stage: 'build', fraction: null });
    return withBuilt(this.architectures, model, async (built) => {
      context.signal.throwIfAborted();
      try {
        return await this.measure({ ...request, model: built }, context);
      } finally {
        this.store.forget(built);
      }
    });
  }

  private async measure({ model: file, provider, runs }: Order, context: CallContext): Promise<LatencyReport> {
    const { model, name } = await this.store.open(file, context.signal);
    const profiler = this.runtimes.profiler(model, name);
    if (runs !== undefined && !(Number.isSafeInteger(runs) && runs >= 1))
      throw new UserError(`${runs} is no number of runs. Give 1 or more.`);
    const analysis = await this.store.analysis(file, context.signal);
    const told = { ...Object.fromEntries(sampleValues(analysis.shapes)), ...file.values };
    const feeds = sampleInputs(analysis.profile.model.inputs, new Map(Object.entries(told)));
    const progress = (stage: string, fraction: number | null) => context.progress({ stage, fraction });
    progress('session', null);
    const report = await profiler.profile({
      model: runtimeModel(file, model, name),
      provider,
      feeds,
      runs: Math.max(1, Math.min(runs ?? DEFAULT_RUNS, Math.floor(MAX_EVENTS / Math.max(1, model.graph.nodes.length)))),
      warmup: WARMUP,
      ...(runs === undefined ? { budget: DEFAULT_BUDGET } : {}),
      signal: context.signal,
      onProgress: (fraction) => progress('measure', fraction * (1 - MACHINE_SHARE)),
    });
    progress('machine', 1 - MACHINE_SHARE);
    const peak = await this.peak(profiler, report.provider, context.signal);
    const mapped = mapLatency(analysis, report.kernels, report.optimized);
    return {
      schema: 1,
      provider: report.provider,
      providerNote: report.note,
      runs: report.runs,
      wallMilliseconds: report.wallMilliseconds,
      machine: { peakMacsPerSecond: peak.macsPerSecond, bandwidthBytesPerSecond: peak.bytesPerSecond },
      inputs: describe(feeds),
      nodes: nodeLatencies(analysis, mapped, peak),
      kernels: mapped.kernels.map(({ name: kernel, op, provider: by, microseconds, nodes, layout }) => ({
        name: kernel,
        op,
        provider: by,
        microseconds,
        nodes,
        layout,
      })),
      unmapped: mapped.unmapped.map(({ name: kernel, op, microseconds }) => ({ name: kernel, op, microseconds })),
    };
  }

  private async peak(profiler: Profiler, provider: string, signal: AbortSignal): Promise<MachinePeak> {
    const known = this.peaks.get(provider);
    if (known) return known;
    const peak = await measurePeak(profiler, provider, signal);
    this.peaks.set(provider, peak);
    return peak;
  }
}

function describe(feeds: Readonly<Record<string, RuntimeTensor>>): LatencyReport['inputs'] {
  return Object.entries(feeds).map(([name, { dtype, shape }]) => ({ name, dtype, shape }));
}

function nodeLatencies({ profile }: Pick<Analysis, 'profile'>, mapped: LatencyResult, peak: MachinePeak): readonly NodeLatency[] {
  const kernels = new Map<string, string[]>();
  for (const { name, nodes } of mapped.kernels) {
    for (const id of nodes) kernels.set(id, [...(kernels.get(id) ?? []), name]);
  }
  return profile.nodes.flatMap((node) => {
    const names = kernels.get(node.id);
    if (!names) return [];
    const microseconds = mapped.nodes.get(node.id) ?? 0;
    return [{ id: node.id, microseconds, kernels: names, ...achieved(node, microseconds, peak) }];
  });
}

function achieved(node: NodeProfile, microseconds: number, peak: MachinePeak): Pick<NodeLatency, 'macsPerSecond' | 'roofline'> {
  const macs = Number(node.macs ?? 0);
  if (macs === 0 || microseconds === 0) return { macsPerSecond: null, roofline: null };
  const macsPerSecond = (macs / microseconds) * 1e6;
  const bytes = Number(node.readBytes ?? 0) + Number(node.writtenBytes ?? 0);
  return { macsPerSecond, roofline: bytes === 0 ? null : macsPerSecond / roofline(peak, macs / bytes) };
}
