import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PYTHON_TIMEOUT, python, pythonHas, temporaryFolder } from '../../vision/support/python';
import { type MeasuredModel, measure, runtime } from './measure';

/** Inverted residuals; normalisation before convolution; windows and grids with blocked GELU; shifted windows, fused additions. */
const NETWORKS = ['mobilenet_v2', 'densenet121', 'maxvit_t', 'swin_t'];

const EXPORT = `
import sys, warnings
warnings.filterwarnings('ignore')
import torch, torchvision
for name in sys.stdin.read().split():
    torch.manual_seed(0)
    network = getattr(torchvision.models, name)().eval()
    torch.onnx.export(network, torch.zeros(1, 3, 224, 224), name + '.onnx', opset_version=14)
`;

/** Kernels that can hold a convolution or a matrix product. */
const MULTIPLYING = new Set(['Conv', 'FusedConv', 'MatMul', 'FusedMatMul', 'Gemm', 'FusedGemm', 'Einsum']);

const folder = temporaryFolder();
const present = pythonHas('torch', 'torchvision', 'onnx');
beforeAll(() => {
  if (present) python(EXPORT, { input: Buffer.from(NETWORKS.join(' ')), folder: folder.path });
}, PYTHON_TIMEOUT);
afterAll(async () => {
  await runtime.dispose();
  folder.remove();
});

const load = (name: string) => new Uint8Array(readFileSync(join(folder.path, `${name}.onnx`)));

/** Operators of the computing kernels that each convolution and matrix product of the file ran in. */
function kernelsOfProducts({ analysis, result }: MeasuredModel): ReadonlyMap<string, readonly string[]> {
  const ops = new Map<string, string[]>();
  for (const node of analysis.model.graph.nodes) if (MULTIPLYING.has(node.op)) ops.set(node.id, []);
  for (const { nodes, op, layout } of result.kernels) if (!layout) for (const id of nodes) ops.get(id)?.push(op);
  return ops;
}

describe.skipIf(!present).each(NETWORKS)('%s of torchvision', (name) => {
  it('has every convolution and matrix product in one kernel that multiplies, with time', async () => {
    const measured = await measure(load(name), 'all');
    expect(measured.result.unmapped).toEqual([]);
    for (const [id, ops] of kernelsOfProducts(measured)) {
      expect(ops, measured.names.get(id)).toHaveLength(1);
      expect(MULTIPLYING.has(ops[0] ?? ''), measured.names.get(id)).toBe(true);
      expect(measured.result.nodes.get(id), measured.names.get(id)).toBeGreaterThan(0);
    }
    const best = measured.report.kernels.reduce((sum, { minimumMicroseconds }) => sum + minimumMicroseconds, 0);
    expect(best).toBeLessThanOrEqual(measured.report.wallMilliseconds.minimum * 1000);
  });

  it('has the shapes that ONNX Runtime saw at every node', async () => {
    const { result, report, analysis } = await measure(load(name), 'disabled');
    const profiles = new Map(analysis.profile.nodes.map((profile) => [profile.id, profile]));
    expect(result.unmapped).toEqual([]);
    report.kernels.forEach((kernel, index) => {
      const outputs = profiles.get(result.kernels[index]?.nodes[0] ?? '')?.outputs.filter((output) => output.name !== '');
      const inferred = outputs?.map(({ dtype, shape }) => ({ dtype, shape }));
      expect(inferred, kernel.name).toEqual(kernel.outputs);
    });
  });
});
