import { closeSync, copyFileSync, ftruncateSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { afterAll, describe, expect, it } from 'vitest';
import { countCosts } from '../../../../src/analysis/cost';
import { inferShapes } from '../../../../src/analysis/shapes';
import { BufferSource } from '../../../../src/bytes';
import { openModel } from '../../../../src/formats/registry';
import { type Architecture, torchvisionExports } from '../../../fixtures/exports';

const NAMES = ['resnet50', 'efficientnet_b0', 'swin_t', 'convnext_tiny'] as const satisfies readonly Architecture[];
const exported = await torchvisionExports(NAMES);
const folder = mkdtempSync(join(tmpdir(), 'optimized-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A sparse file of zeros for the weights that the exports leave out. */
function writeZeros(): void {
  const file = openSync(join(folder, 'absent.bin'), 'w');
  ftruncateSync(file, 512 * 2 ** 20);
  closeSync(file);
}

interface Counted {
  readonly macs: bigint;
  readonly notCounted: readonly string[];
  readonly findings: readonly string[];
  readonly fused: ReadonlySet<string>;
}

async function count(path: string): Promise<Counted> {
  const model = await openModel(new BufferSource(new Uint8Array(readFileSync(path))), { name: 'model.onnx' });
  const shapes = inferShapes(model);
  const { main } = countCosts(shapes);
  return {
    macs: main.reduce((sum, node) => sum + (node.macs ?? 0n), 0n),
    notCounted: main.filter((node) => node.macs === null).map(({ node }) => `${node.domain}:${node.op}`),
    findings: shapes.findings.map(({ message }) => message),
    fused: new Set(model.graph.nodes.filter((node) => node.domain !== '').map((node) => `${node.domain}:${node.op}`)),
  };
}

/** What ONNX Runtime fuses must come to the same multiply-adds as what it was made of. */
describe.skipIf(!exported.available)('graphs that ONNX Runtime optimised', () => {
  for (const name of NAMES) {
    it(`${name} keeps its multiply-adds`, async () => {
      if (!exported.available) return;
      const path = join(folder, `${name}.onnx`);
      const optimized = join(folder, `${name}.optimized.onnx`);
      writeZeros();
      copyFileSync(exported.path(name), path);
      await InferenceSession.create(path, { graphOptimizationLevel: 'extended', optimizedModelFilePath: optimized, logSeverityLevel: 4 });
      const before = await count(path);
      const after = await count(optimized);
      expect(after.fused.size).toBeGreaterThan(0);
      expect(after).toMatchObject({ macs: before.macs, notCounted: [], findings: [] });
    });
  }

  it.runIf(process.arch === 'x64')('resnet50 keeps them in blocks of channels too, all its channels being whole blocks', async () => {
    if (!exported.available) return;
    const path = join(folder, 'resnet50.onnx');
    const blocked = join(folder, 'resnet50.blocked.onnx');
    await InferenceSession.create(path, { graphOptimizationLevel: 'all', optimizedModelFilePath: blocked, logSeverityLevel: 4 });
    const after = await count(blocked);
    expect(after.fused).toContain('com.microsoft.nchwc:Conv');
    expect(after).toMatchObject({ macs: (await count(path)).macs, notCounted: [], findings: [] });
  });
});
