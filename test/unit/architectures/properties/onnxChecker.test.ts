import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Family, Knobs } from '../../../../src/architectures/family';
import { type BuiltModel, seededWeights } from '../../../../src/architectures/graph';
import { FAMILIES } from '../../../../src/architectures/registry';
import { UserError } from '../../../../src/bytes';
import { writeOnnx } from '../../../../src/formats/onnx/write';
import { analysed } from '../support';
import { sampleKnobs, seeded } from './sampleKnobs';

/** Models of each family. */
const WANTED = Number(process.env['KNOB_SAMPLES'] ?? 3);
const SEED = Number(process.env['KNOB_SEED'] ?? 3);
const SMALL = 1_000_000;
const PYTHON = process.env['ONNX_PYTHON'] ?? '/usr/bin/python3';
const HAS_ONNX = spawnSync(PYTHON, ['-c', 'import onnx']).status === 0;

/** Weights that are not trained: running statistics, masks and frequencies. */
const BUFFERS = /running_(mean|var)$|mask$|inv_freq$/;

interface Checked {
  readonly error: string;
  readonly elements: Readonly<Record<string, number>>;
  readonly shapes: Readonly<Record<string, readonly (number | string | null)[]>>;
}

interface Case {
  readonly knobs: Knobs;
  readonly built: BuiltModel;
  readonly path: string;
}

const folder = mkdtempSync(join(tmpdir(), 'model-loupe-checker-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Small models with random knobs, written with their weights. */
function written(family: Family): readonly Case[] {
  const random = seeded(SEED);
  const cases: Case[] = [];
  for (let at = 0; at < 200 && cases.length < WANTED; at++) {
    const knobs = sampleKnobs(family.knobs, random);
    try {
      const built = family.build(knobs);
      if (elements(built) > SMALL) continue;
      const path = join(folder, `${family.name}-${cases.length}.onnx`);
      writeFileSync(path, writeOnnx(built.model, seededWeights(built)));
      cases.push({ knobs, built, path });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  return cases;
}

function elements({ model }: BuiltModel): number {
  return model.graph.initializers.reduce((sum, { shape }) => sum + shape.reduce((product, extent) => product * extent, 1), 0);
}

function checked(cases: readonly Case[]): Readonly<Record<string, Checked>> {
  const script = join(import.meta.dirname, 'onnxChecker.py');
  return JSON.parse(execFileSync(PYTHON, [script, ...cases.map(({ path }) => path)], { encoding: 'utf8', maxBuffer: 2 ** 28 }));
}

describe.skipIf(!HAS_ONNX)('beside the onnx package (apt: python3-onnx)', () => {
  it.each(FAMILIES.map((family) => [family.name, family] as const))(
    '%s passes its checker, has the shapes that it infers, and as many parameters as it stores',
    (_name, family) => {
      const cases = written(family);
      expect(cases.length).toBeGreaterThan(0);
      const answers = checked(cases);
      for (const { built, knobs, path } of cases) {
        const answer = answers[path];
        const told = JSON.stringify(knobs);
        expect(answer?.error, told).toBe('');
        const { profile } = analysed(built);
        const trained = [...built.fills.keys()].filter((name) => !BUFFERS.test(name));
        expect(profile.totals.parameters, told).toBe(trained.reduce((sum, name) => sum + (answer?.elements[name] ?? Number.NaN), 0));
        const values = profile.nodes.flatMap(({ outputs }) => outputs).filter(({ name }) => answer?.shapes[name]);
        expect(values.length / profile.nodes.length, told).toBeGreaterThan(0.9);
        // The free batch is counted as one image.
        const inferred = values.map(({ name }) => answer?.shapes[name]?.map((dim) => (dim === 'batch' ? 1 : dim)));
        const wrong = values.filter(({ shape }, at) => inferred[at]?.some((dim, axis) => typeof dim === 'number' && dim !== shape?.[axis]));
        expect(wrong, told).toEqual([]);
        expect(values.filter(({ shape }, at) => shape?.length !== inferred[at]?.length)).toEqual([]);
      }
    },
  );
});
