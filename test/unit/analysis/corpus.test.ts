import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/analysis/assemble';
import type { Figures } from '../../../src/analysis/profile';
import { BufferSource } from '../../../src/bytes';
import { openModel } from '../../../src/formats/registry';
import { expectLevelsToAddUp } from './levels';

/** ONNX's own backend tests, from Debian's libonnx-testdata. */
const ROOT = '/usr/share/libonnx-testdata/data';

describe.skipIf(!existsSync(ROOT))('profiles of every model of ONNX backend tests (apt-get install libonnx-testdata)', () => {
  const paths = existsSync(ROOT) ? readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.onnx')) : [];

  it('are made without an error, and their parts add up', async () => {
    for (const path of paths) {
      const bytes = new Uint8Array(readFileSync(join(ROOT, path)));
      const model = await openModel(new BufferSource(bytes), { name: 'model.onnx' });
      const analysis = analyse(model, { name: path, bytes: bytes.byteLength });
      const { profile } = analysis;
      expectLevelsToAddUp(analysis, path);
      expect(
        profile.warnings.filter((warning) => warning.code === 'rule-error' || warning.severity === 'error'),
        path,
      ).toEqual([]);
      for (const figure of ['macs', 'flops', 'parameters', 'activationBytes'] satisfies (keyof Figures)[]) {
        const sum = (list: readonly Figures[]) => list.reduce((total, one) => total + Number(one[figure]), 0);
        expect(sum(Object.values(profile.budget)), path).toBe(Number(profile.totals[figure]));
        expect(sum(Object.values(profile.categories)), path).toBe(Number(profile.totals[figure]));
      }
    }
  });
});
