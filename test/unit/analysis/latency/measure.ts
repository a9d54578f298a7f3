import { readFileSync } from 'node:fs';
import { type Analysis, analyse } from '../../../../src/analysis/assemble';
import { type LatencyResult, mapLatency } from '../../../../src/analysis/latency';
import { BufferSource } from '../../../../src/bytes';
import { openModel } from '../../../../src/formats/registry';
import { OnnxRuntime } from '../../../../src/runtime/onnxRuntime';
import type { ProfileReport } from '../../../../src/runtime/profiler';
import { sampleInputs } from '../../../../src/runtime/sampleInputs';

export const runtime = new OnnxRuntime();

export interface MeasuredModel {
  readonly analysis: Analysis;
  readonly report: ProfileReport;
  readonly result: LatencyResult;
  /** Names of nodes by id; where the file gives none, of the first output. */
  readonly names: ReadonlyMap<string, string>;
}

/** Runs a model under the profiler on the CPU and maps its kernels. */
export async function measure(bytes: Uint8Array, optimization: 'all' | 'disabled', rewritten = true): Promise<MeasuredModel> {
  const name = 'measured.onnx';
  const model = await openModel(new BufferSource(bytes), { name });
  const analysis = analyse(model, { name, bytes: bytes.length });
  const report = await runtime.profile({
    model: { kind: 'bytes', name, bytes, externalBytes: 0 },
    provider: 'cpu',
    feeds: sampleInputs(analysis.profile.model.inputs),
    runs: 5,
    warmup: 2,
    optimization,
  });
  const result = mapLatency(analysis, report.kernels, rewritten ? report.optimized : null);
  return { analysis, report, result, names: new Map(model.graph.nodes.map((node) => [node.id, node.name || (node.outputs[0] ?? '')])) };
}

export function sampleBytes(name: string): Uint8Array {
  return new Uint8Array(readFileSync(`samples/${name}.onnx`));
}

/** Operators of the nodes that the kernel of this name replaced, or their names. */
export function replacedBy({ result, names }: MeasuredModel, kernel: string): readonly string[] | undefined {
  return result.kernels.find(({ name }) => name === kernel)?.nodes.map((id) => names.get(id) ?? id);
}
