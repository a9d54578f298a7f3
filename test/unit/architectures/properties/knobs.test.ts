import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import type { Analysis } from '../../../../src/analysis/assemble';
import type { Block } from '../../../../src/analysis/profile';
import type { Family, Knobs } from '../../../../src/architectures/family';
import { type BuiltModel, seededWeights } from '../../../../src/architectures/graph';
import { FAMILIES } from '../../../../src/architectures/registry';
import { UserError } from '../../../../src/bytes';
import { writeOnnx } from '../../../../src/formats/onnx/write';
import { analysed, countBlocks } from '../support';
import { expectedBlocks } from './expectedBlocks';
import { pick, sampleKnobs, seeded, spoil } from './sampleKnobs';

/** More with `KNOB_SAMPLES=200`, others with `KNOB_SEED=2`. */
const WANTED = Number(process.env['KNOB_SAMPLES'] ?? 5);
const SEED = Number(process.env['KNOB_SEED'] ?? 1);
/** Samples tried for one that builds: knobs are drawn without regard to each other. */
const TRIES = 60;
/** Parameters of what is also opened in ONNX Runtime. */
const SMALL = 2_000_000;

interface Sample {
  readonly knobs: Knobs;
  readonly built: BuiltModel;
}

/** Random settings that build; every other must be refused in a sentence. */
function samples(family: Family): readonly Sample[] {
  const random = seeded(SEED);
  const found: Sample[] = [];
  for (let at = 0; at < WANTED * TRIES && found.length < WANTED; at++) {
    const knobs = sampleKnobs(family.knobs, random);
    try {
      found.push({ knobs, built: family.build(knobs) });
    } catch (error) {
      expectSentence(error, family, knobs);
    }
  }
  return found;
}

function expectSentence(error: unknown, family: Family, knobs: Knobs): void {
  const message = error instanceof Error ? error.message : String(error);
  const told = `${message} for ${JSON.stringify(knobs)}`;
  expect(error instanceof UserError, told).toBe(true);
  expect(message.startsWith(`${family.name}: `) && message.endsWith('.') && !message.includes('\n'), told).toBe(true);
  // "patches", "windows" and "the image" mean knobs as much as their names do.
  const words = family.knobs.flatMap(({ name }) => [name, ...name.split(/(?=[A-Z])/)]).map((word) => word.toLowerCase());
  expect(
    words.some((word) => word.length > 2 && message.toLowerCase().includes(word)),
    told,
  ).toBe(true);
}

function blocksOf(blocks: readonly Block[]): readonly Block[] {
  return blocks.flatMap((block) => [block, ...blocksOf(block.children)]);
}

/** Every block has a name of its own, and no node stands in two blocks side by side. */
function expectNested(blocks: readonly Block[], inside: ReadonlySet<string>): void {
  const seen = new Set<string>();
  for (const { nodes, children } of blocks) {
    for (const node of nodes) {
      expect(inside.has(node) && !seen.has(node)).toBe(true);
      seen.add(node);
    }
    expectNested(children, new Set(nodes));
  }
}

function expectBlocks(family: Family, knobs: Knobs, { profile }: Analysis): void {
  const expected = expectedBlocks(family, knobs);
  const found = Object.fromEntries(Object.keys(expected).map((kind) => [kind, countBlocks(profile.blocks, kind)]));
  expect(found, JSON.stringify(knobs)).toEqual(expected);
  const every = blocksOf(profile.blocks);
  expect(new Set(every.map(({ id }) => id)).size).toBe(every.length);
  expectNested(profile.blocks, new Set(profile.nodes.map(({ id }) => id)));
  // One softmax makes one attention.
  const softmaxes = new Set(profile.nodes.filter(({ op }) => op === 'Softmax').map(({ id }) => id));
  const attending = every.filter(({ kind }) => kind === 'attention').map(({ nodes }) => nodes.filter((id) => softmaxes.has(id)));
  expect(attending.every(({ length }) => length === 1)).toBe(true);
  expect(new Set(attending.flat()).size).toBe(attending.length);
}

describe.each(FAMILIES.map((family) => [family.name, family] as const))('%s with random knobs', (_name, family) => {
  const found = samples(family);

  it('builds often enough to be tried', () => {
    expect(found).toHaveLength(WANTED);
  });

  it('has every shape inferred, every operator counted, and the blocks that were built', () => {
    for (const { knobs, built } of found) {
      const analysis = analysed(built);
      const { profile } = analysis;
      expect(profile.notCounted).toEqual([]);
      const open = profile.nodes.flatMap(({ outputs }) => outputs).filter(({ shape }) => !shape?.every((dim) => typeof dim === 'number'));
      expect(open, JSON.stringify(knobs)).toEqual([]);
      expectBlocks(family, knobs, analysis);
    }
  });

  it('opens in ONNX Runtime', async () => {
    const opened = found.filter(({ built }) => Number(analysed(built).profile.totals.parameters) < SMALL);
    expect(opened.length).toBeGreaterThan(0);
    for (const { built } of opened) {
      const bytes = writeOnnx(built.model, seededWeights(built));
      await (await ort.InferenceSession.create(bytes, { logSeverityLevel: 3 })).release();
    }
  });

  it('refuses values that a knob does not take, by its name', () => {
    const random = seeded(SEED);
    for (let at = 0; at < 30; at++) {
      const knob = pick(family.knobs, random);
      const value = spoil(knob, random);
      expect(() => family.build({ [knob.name]: value }), `${knob.name} = ${JSON.stringify(value)}`).toThrow(
        expect.objectContaining({ name: 'UserError', message: expect.stringContaining(`"${knob.name}" takes `) }),
      );
    }
    expect(() => family.build({ colour: 3 })).toThrow(new RegExp(`^${family.name} has no knob "colour"; it has ${family.knobs[0]?.name}`));
  });
});
