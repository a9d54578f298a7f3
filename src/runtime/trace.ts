import { minimumOf } from '../data';
import { runsBodies } from '../operators/contrib/kernels';
import type { Kernel, KernelValue } from './profiler';

/** An event of ONNX Runtime's trace (Chrome's trace format); times in microseconds since the session began. */
export interface TraceEvent {
  readonly cat: string;
  readonly name: string;
  readonly ts: number;
  readonly dur: number;
  readonly args?: {
    readonly op_name?: string;
    readonly provider?: string;
    readonly node_index?: string;
    readonly input_type_shape?: readonly Readonly<Record<string, readonly number[]>>[];
    readonly output_type_shape?: readonly Readonly<Record<string, readonly number[]>>[];
  };
}

/** The trace of all measured runs, kernel by kernel. */
export interface TraceSummary {
  readonly kernels: readonly Kernel[];
  /** Milliseconds of each measured run. */
  readonly walls: readonly number[];
  /** True when a device timed its own kernels; otherwise times are of the calls, which on a GPU only start the work. */
  readonly deviceTimes: boolean;
}

const SUFFIX = '_kernel_time';
const DTYPES: Readonly<Record<string, string>> = { float: 'float32', double: 'float64' };

interface Sample {
  readonly event: TraceEvent;
  readonly times: number[];
}

/** Kernel times per run, from the runs after the first `warmup`. */
export function summarise(events: readonly TraceEvent[], warmup: number): TraceSummary {
  const runs = events
    .filter(({ cat, name }) => cat === 'Session' && name === 'model_run')
    .sort((a, b) => a.ts - b.ts)
    .slice(warmup);
  const nodes = events.filter(({ cat, name }) => cat === 'Node' && name.endsWith(SUFFIX)).sort((a, b) => a.ts - b.ts || b.dur - a.dur);
  const device = events.filter(({ cat, name }) => cat === 'Api' && name.includes('&'));
  const samples = new Map<string, Sample>();
  for (const run of runs) {
    const onDevice = deviceTimes(device, run);
    for (const event of topLevel(nodes, run)) {
      const key = `${event.name}\0${event.args?.node_index ?? ''}`;
      const sample = samples.get(key) ?? { event, times: [] };
      samples.set(key, sample);
      sample.times.push(timeOf(event, onDevice));
    }
  }
  return {
    kernels: [...samples.values()].map(kernelOf),
    walls: runs.map(({ dur }) => dur / 1000),
    deviceTimes: device.length > 0,
  };
}

function within(event: TraceEvent, run: TraceEvent): boolean {
  return event.ts >= run.ts && event.ts < run.ts + run.dur;
}

/** Kernels of one run that no other kernel of it ran. */
function topLevel(nodes: readonly TraceEvent[], run: TraceEvent): readonly TraceEvent[] {
  let end = Number.NEGATIVE_INFINITY;
  return nodes.filter((event) => {
    if (!within(event, run) || (event.ts < end && event.ts + event.dur <= end)) return false;
    // A kernel with bodies runs other kernels, which the trace lists too.
    if (runsBodies(event.args?.op_name ?? '')) end = event.ts + event.dur;
    return true;
  });
}

/** Microseconds on the device by node name in one run (WebGPU names its programs `node&operator&program`); `null` when it timed none. */
function deviceTimes(device: readonly TraceEvent[], run: TraceEvent): ReadonlyMap<string, number> | null {
  if (device.length === 0) return null;
  const times = new Map<string, number>();
  for (const event of device) {
    if (!within(event, run)) continue;
    const [node = ''] = event.name.split('&');
    times.set(node, (times.get(node) ?? 0) + event.dur);
  }
  return times;
}

function timeOf({ name, dur, args }: TraceEvent, onDevice: ReadonlyMap<string, number> | null): number {
  if (!onDevice || args?.provider === 'CPUExecutionProvider') return dur;
  return onDevice.get(name.slice(0, -SUFFIX.length)) ?? 0;
}

function kernelOf({ event, times }: Sample): Kernel {
  const { args } = event;
  return {
    name: event.name.slice(0, -SUFFIX.length),
    op: args?.op_name ?? '',
    provider: args?.provider ?? '',
    microseconds: median(times),
    minimumMicroseconds: minimumOf(times),
    inputs: valuesOf(args?.input_type_shape),
    outputs: valuesOf(args?.output_type_shape),
  };
}

function valuesOf(list: readonly Readonly<Record<string, readonly number[]>>[] = []): readonly KernelValue[] {
  return list.flatMap((entry) => Object.entries(entry).map(([dtype, shape]) => ({ dtype: DTYPES[dtype] ?? dtype, shape })));
}

/** The middle of the values, the mean of the two middle ones where they are even in number; 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
