import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { afterAll, describe, expect, it } from 'vitest';
import { seededWeights } from '../../../../src/architectures/graph';
import { RESNET } from '../../../../src/architectures/resnet';
import { VIT } from '../../../../src/architectures/vit';
import { ModelProtoSchema } from '../../../../src/formats/onnx/schema/onnx-ml_pb';
import { writeOnnx } from '../../../../src/formats/onnx/write';
import type { Model } from '../../../../src/model';
import { float, graph, localFunction, model, node, tensor, value } from '../../../fixtures/onnx';
import { type MeasuredModel, measure, replacedBy, runtime, sampleBytes } from './measure';

afterAll(() => runtime.dispose());

function resnet(): Uint8Array {
  const built = RESNET.build({ block: 'basic', layers: [1, 1, 1, 1], width: 16, imageSize: 64, classes: 10 });
  return writeOnnx(built.model, seededWeights(built));
}

function vit(): Uint8Array {
  const built = VIT.build({ imageSize: 32, patch: 8, dim: 32, layers: 2, heads: 4, mlp: 64, classes: 10 });
  return writeOnnx(built.model, seededWeights(built));
}

const MODELS: readonly (readonly [string, () => Uint8Array])[] = [
  ['samples/conv', () => sampleBytes('conv')],
  ['samples/vit', () => sampleBytes('vit')],
  ['samples/hybrid', () => sampleBytes('hybrid')],
  ['a built ResNet', resnet],
  ['a built ViT', vit],
];

function opsById({ analysis }: MeasuredModel): ReadonlyMap<string, string> {
  return new Map(analysis.model.graph.nodes.map(({ id, op }) => [id, op]));
}

function expectSumsPreserved({ result, report }: MeasuredModel): void {
  const kernels = report.kernels.reduce((sum, { microseconds }) => sum + microseconds, 0);
  const onNodes = [...result.nodes.values()].reduce((sum, time) => sum + time, 0);
  const lost = result.unmapped.reduce((sum, { microseconds }) => sum + microseconds, 0);
  expect(kernels).toBeGreaterThan(0);
  expect(onNodes + lost).toBeCloseTo(kernels, 6);
}

describe.each(MODELS)('%s, as the file has it', (_name, bytes) => {
  it('has one kernel for each node, of its name and shapes', async () => {
    const measured = await measure(bytes(), 'disabled');
    const { result, report, analysis, names } = measured;
    const ops = opsById(measured);
    expectSumsPreserved(measured);
    expect(result.unmapped).toEqual([]);
    expect(result.kernels.map(({ nodes }) => nodes.length)).toEqual(result.kernels.map(() => 1));
    expect(result.kernels.map(({ nodes }) => ops.get(nodes[0] ?? ''))).toEqual(report.kernels.map(({ op }) => op));
    expect(result.kernels.map(({ nodes }) => names.get(nodes[0] ?? ''))).toEqual(report.kernels.map(({ name }) => name));
    const run = new Set(result.kernels.flatMap(({ nodes }) => nodes));
    const resting = analysis.model.graph.nodes.filter(({ id }) => !run.has(id)).map(({ op }) => op);
    expect(new Set(resting)).toEqual(new Set(resting.length > 0 ? ['Constant'] : []));
    const profiles = new Map(analysis.profile.nodes.map((profile) => [profile.id, profile]));
    report.kernels.forEach((kernel, index) => {
      const inferred = profiles.get(result.kernels[index]?.nodes[0] ?? '')?.outputs.map(({ dtype, shape }) => ({ dtype, shape }));
      expect(inferred, kernel.name).toEqual(kernel.outputs);
    });
  });
});

/** Operators that keep their kernel when a Transpose is moved past them, with their axes in another order. */
const MOVED = new Set(['Squeeze', 'Shape', 'Split']);

/** Kernels of blocked convolutions that ONNX Runtime says it fused an activation, or an addition, into. */
function fusedConvolutions(optimized: Model | null): readonly { name: string; ops: readonly string[] }[] {
  return (optimized?.graph.nodes ?? [])
    .filter(({ op }) => op === 'Conv')
    .map(({ name, inputs, attributes }) => {
      const activation = attributes['activation'];
      return { name, ops: ['Conv', ...(inputs[3] ? ['Add'] : []), ...(activation?.kind === 'string' ? [activation.value] : [])] };
    });
}

describe.each(MODELS)('%s, optimised', (_name, bytes) => {
  it('loses no time, and knows every kernel', async () => {
    const measured = await measure(bytes(), 'all');
    expectSumsPreserved(measured);
    expect(measured.result.unmapped).toEqual([]);
    // Best times are each below those of any one run, so that their sum cannot pass the best run.
    const best = measured.report.kernels.reduce((sum, { minimumMicroseconds }) => sum + minimumMicroseconds, 0);
    expect(best).toBeLessThanOrEqual(measured.report.wallMilliseconds.minimum * 1000);
  });

  it('names the activation and the addition that ONNX Runtime says it fused into a convolution', async () => {
    const measured = await measure(bytes(), 'all');
    const ops = opsById(measured);
    const fused = fusedConvolutions(measured.report.optimized);
    expect(fused.length).toBeGreaterThan(0);
    for (const { name, ops: wanted } of fused) {
      const found = measured.result.kernels.find((kernel) => kernel.name === name)?.nodes.map((id) => ops.get(id));
      // A normalisation goes into the convolution's weights.
      expect((found ?? []).filter((op) => op !== 'BatchNormalization').sort(), name).toEqual([...wanted].sort());
    }
  });

  it('counts no node as replaced by two computing kernels', async () => {
    const { result } = await measure(bytes(), 'all');
    const seen = result.kernels.filter(({ layout }) => !layout).flatMap(({ nodes }) => nodes);
    const twice = seen.filter((id, index) => seen.indexOf(id) !== index);
    // The shape arithmetic of samples/vit: Shape became Shape and Gather.
    expect(twice.length).toBeLessThanOrEqual(1);
  });

  it('has the inferred shape of the last replaced node on every kernel but blocked ones', async () => {
    const { result, report, analysis } = await measure(bytes(), 'all');
    const profiles = new Map(analysis.profile.nodes.map((profile) => [profile.id, profile]));
    let compared = 0;
    report.kernels.forEach((kernel, index) => {
      const { nodes = [], layout = true } = result.kernels[index] ?? {};
      const last = profiles.get(nodes[nodes.length - 1] ?? '');
      if (layout || nodes.length > 1 || kernel.name.endsWith('_nchwc') || last?.op !== kernel.op || MOVED.has(last.op)) return;
      expect(last?.outputs[0]?.shape, kernel.name).toEqual(kernel.outputs[0]?.shape);
      compared++;
    });
    expect(compared).toBeGreaterThan(0);
  });
});

describe('mapLatency', () => {
  it('gives a fused kernel to the nodes between its inputs and its output, its time to those that multiply', async () => {
    const measured = await measure(sampleBytes('hybrid'), 'all');
    expect(replacedBy(measured, '/stage3/stage3.0/attention/MatMul/MatMulScaleFusion/')).toEqual([
      '/stage3/stage3.0/attention/MatMul',
      '/stage3/stage3.0/attention/Mul',
    ]);
    expect(
      replacedBy(measured, 'BiasGelu')
        ?.slice(1)
        .map((name) => name.split('/').pop()),
    ).toEqual(['Div', 'Erf', 'Add', 'Mul', 'Mul_1']);
    expect(replacedBy(measured, '/stem/stem.2/Relu_output_0_nchwc')).toEqual(['/stem/stem.0/Conv', '/stem/stem.2/Relu']);
    const [conv = '', relu = ''] = measured.result.kernels.find(({ name }) => name.startsWith('/stem/'))?.nodes ?? [];
    expect(measured.result.nodes.get(conv)).toBe(measured.report.kernels[0]?.microseconds);
    expect(measured.result.nodes.get(relu)).toBe(0);
    const reorder = measured.result.kernels.find(({ op }) => op === 'ReorderOutput');
    expect(reorder?.layout).toBe(true);
  });

  it('finds the nodes of a file that names none', async () => {
    const named = await measure(sampleBytes('hybrid'), 'all');
    const message = fromBinary(ModelProtoSchema, sampleBytes('hybrid'));
    for (const each of message.graph?.node ?? []) each.name = '';
    const bare = toBinary(ModelProtoSchema, message);
    const measured = await measure(bare, 'all');
    expectSumsPreserved(measured);
    expect(measured.result.unmapped).toEqual([]);
    const sets = ({ result }: MeasuredModel) =>
      result.kernels
        .filter(({ layout }) => !layout)
        .map(({ nodes }) => nodes.join(' '))
        .sort();
    expect(sets(measured)).toEqual(sets(named));
  });

  it('matches by names alone where the rewritten graph is not at hand', async () => {
    const measured = await measure(sampleBytes('conv'), 'all', false);
    expectSumsPreserved(measured);
    expect(replacedBy(measured, '/stem/stem.2/Relu_output_0_nchwc')).toEqual(['/stem/stem.0/Conv', '/stem/stem.2/Relu']);
    expect(measured.result.unmapped.map(({ layout }) => layout)).not.toContain(false);
  });

  it("gives a Loop the time of its body, once, and a function's call that of its nodes", async () => {
    const body = graph({
      nodes: [node('Identity', ['go'], ['on']), node('MatMul', ['state', 'w'], ['next'])],
      inputs: [value('turn', 'int64', []), value('go', 'bool', []), value('state', 'float32', [64, 64])],
      outputs: [value('on', 'bool', []), value('next', 'float32', [64, 64])],
    });
    const bytes = model({
      opset: { '': 17, local: 1 },
      ir: 8,
      nodes: [
        node('Loop', ['turns', '', 'x'], ['looped'], { body }, { name: 'loop' }),
        node('Twice', ['looped'], ['y'], {}, { name: 'call', domain: 'local' }),
      ],
      inputs: [value('x', 'float32', [64, 64])],
      outputs: [value('y', 'float32', [64, 64])],
      initializers: [tensor('turns', 'int64', [], [7]), tensor('w', 'float32', [64, 64], new Array(4096).fill(0.01))],
      functions: [
        localFunction({
          name: 'Twice',
          domain: 'local',
          inputs: ['a'],
          outputs: ['c'],
          nodes: [node('Softmax', ['a'], ['b'], { axis: -1 }), node('Elu', ['b'], ['c'], { alpha: float(2) })],
          opset: 17,
        }),
      ],
    });
    const measured = await measure(bytes, 'all');
    expectSumsPreserved(measured);
    expect(measured.report.kernels.map(({ op }) => op)).toEqual(['Loop', 'Softmax', 'Elu']);
    expect(measured.result.kernels.map(({ nodes }) => nodes)).toEqual([['n0'], ['n1'], ['n1']]);
    const total = measured.report.kernels.reduce((sum, { minimumMicroseconds }) => sum + minimumMicroseconds, 0);
    expect(total).toBeLessThanOrEqual(measured.report.wallMilliseconds.minimum * 1000);
  });
});
