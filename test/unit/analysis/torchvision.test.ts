import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Analysis, analyse } from '../../../src/analysis/assemble';
import { BufferSource } from '../../../src/bytes';
import { openModel } from '../../../src/formats/registry';
import { ARCHITECTURES, type Architecture, torchvisionExports } from '../../fixtures/exports';
import published from '../../golden/torchvision.json';

const exported = await torchvisionExports();

async function analysed(name: Architecture, raw: boolean): Promise<Analysis> {
  if (!exported.available) throw new Error(exported.reason);
  const bytes = new Uint8Array(readFileSync(exported.path(name, raw)));
  const model = await openModel(new BufferSource(bytes), { name: `${name}.onnx` });
  return analyse(model, { name, bytes: bytes.byteLength });
}

describe.skipIf(!exported.available)('torchvision exports against published figures and PyTorch', () => {
  for (const name of ARCHITECTURES) {
    const figures = published.find((one) => one.name === name);

    it(`${name}: multiply-adds as published`, async () => {
      for (const raw of [false, true]) {
        const { profile } = await analysed(name, raw);
        if (figures?.macs) expect(profile.totals.macs).toBe(figures.macs);
        expect(Number(profile.totals.macs) / 1e9).toBeCloseTo(figures?.gigaMacs ?? Number.NaN, 3);
        expect(profile.notCounted).toEqual([]);
      }
    });

    it(`${name}: parameters and buffers as PyTorch counts them`, async () => {
      if (!exported.available) return;
      const { profile } = await analysed(name, true);
      const record = exported.record(name);
      expect(profile.totals.parameters).toBe(record.parameters);
      expect(profile.totals.parameters).toBe(figures?.parameters);
      expect(profile.totals.buffers).toBe(record.floatBuffers);
    });

    it(`${name}: every shape is static and nothing contradicts the file`, async () => {
      for (const raw of [false, true]) {
        const { profile, shapes } = await analysed(name, raw);
        expect(shapes.findings).toEqual([]);
        const open = profile.nodes.filter((node) =>
          node.outputs.some((output) => output.shape?.some((dim) => typeof dim !== 'number') !== false),
        );
        expect(open.map((node) => `${node.op} ${node.name}`)).toEqual([]);
      }
    });

    it(`${name}: parts add up to the whole`, async () => {
      const { profile } = await analysed(name, true);
      for (const figure of ['macs', 'flops', 'parameters', 'weightBytes'] as const) {
        const whole = Number(profile.totals[figure]);
        const sum = (list: readonly { readonly [key in typeof figure]: unknown }[]) =>
          list.reduce((total, one) => total + Number(one[figure]), 0);
        expect(sum(Object.values(profile.budget))).toBe(whole);
        expect(sum(Object.values(profile.categories))).toBe(whole);
        expect(sum(profile.nodes)).toBe(whole);
      }
    });
  }
});
