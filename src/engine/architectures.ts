import { type Analysis, analysisSteps } from '../analysis/assemble';
import { relativeDifference } from '../analysis/compare';
import type { Family, Knobs, PublishedRecord } from '../architectures/family';
import { type BuiltModel, seededWeights } from '../architectures/graph';
import { type Meant, meantBy } from '../architectures/naming';
import { FAMILIES } from '../architectures/registry';
import { LimitError, UserError } from '../bytes';
import { byteLengthOf, elementCount } from '../model';
import type { ArchitectureRecord, ArchitectureRequest, BuiltArchitecture, EngineApi, FamilySummary, Handlers } from '../protocol';
import { inSteps } from './steps';

/** Built profiles that are kept; the oldest goes first. */
const KEPT = 16;

/** The reference systems' part of the engine. */
export function architectureMethods(
  families: readonly Family[] = FAMILIES,
): Pick<Handlers<EngineApi>, 'architectures' | 'architecture' | 'buildArchitecture'> {
  const kept = new Map<string, BuiltArchitecture>();
  return {
    architectures: async () => families.map(summary),
    architecture: async (request, { signal }) => {
      const chosen = choose(families, request);
      const key = JSON.stringify([chosen.family.name, chosen.variant, chosen.knobs]);
      const built = kept.get(key) ?? (await profiled(chosen, signal));
      kept.delete(key);
      kept.set(key, built);
      for (const oldest of kept.keys()) if (kept.size > KEPT) kept.delete(oldest);
      return built;
    },
    buildArchitecture: async ({ weights, seed, ...request }) => {
      const { family, knobs } = choose(families, request);
      const built = family.build(knobs);
      if (weights === 'seeded') checkSize(built);
      // Writing loads all of protobuf; most of what the engine does only reads.
      const { writeOnnx } = await import('../formats/onnx/write');
      return writeOnnx(built.model, weights === 'seeded' ? seededWeights(built, seed ?? 0) : undefined);
    },
  };
}

/** What protobuf allows one message, and so a model file in one piece. */
const MAX_FILE_BYTES = 2 ** 31 - 1;

function checkSize({ model, fills }: BuiltModel): void {
  const bytes = model.graph.initializers
    .filter(({ name }) => fills.has(name))
    .reduce((sum, { dtype, shape }) => sum + byteLengthOf(dtype, elementCount(shape) ?? Number.POSITIVE_INFINITY), 0);
  if (bytes <= MAX_FILE_BYTES) return;
  const size = (bytes / 1e9).toFixed(1);
  throw new LimitError(`The weights take ${size} GB, and an ONNX file in one piece holds 2.1 GB; build it without weights.`, {
    name: 'bytes of an ONNX file',
    value: MAX_FILE_BYTES,
  });
}

interface Chosen {
  readonly family: Family;
  readonly variant: string;
  /** Defaults, then the variant's, then those asked for. */
  readonly knobs: Knobs;
  readonly published: PublishedRecord | null;
}

/** The variant and knobs that a request means; a family's name alone means its default knobs. */
function choose(families: readonly Family[], { family: familyName, variant: variantName, knobs = {} }: ArchitectureRequest): Chosen {
  const among = familyName === undefined ? families : families.filter(({ name }) => same(name, familyName));
  if (among.length === 0) {
    throw new UserError(`There is no family "${familyName}"; there are ${families.map(({ name }) => name).join(', ') || 'none'}.`);
  }
  if (variantName === undefined || variantName === '') {
    const [only] = among;
    if (!only || among.length > 1) throw new UserError('Name a variant or a family of reference systems.');
    return { family: only, variant: '', knobs: { ...defaults(only), ...knobs }, published: null };
  }
  const found = meantBy(among, variantName);
  if (found) return chosen(found, knobs);
  throw new UserError(
    `There is no reference system "${variantName}"${hint(among, variantName)}. The Reference systems view and "model-loupe arch list" name them all.`,
  );
}

function chosen({ family, variant }: Meant<Family>, knobs: Knobs): Chosen {
  if (!variant) return { family, variant: '', knobs: { ...defaults(family), ...knobs }, published: null };
  const changed = Object.entries(knobs).some(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(knobOf(family, variant.knobs, name)),
  );
  return {
    family,
    variant: variant.name,
    knobs: { ...defaults(family), ...variant.knobs, ...knobs },
    published: changed ? null : variant.published,
  };
}

function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

function defaults(family: Family): Knobs {
  return Object.fromEntries(family.knobs.map((knob) => [knob.name, knob.default]));
}

function knobOf(family: Family, knobs: Knobs, name: string): Knobs[string] | undefined {
  return knobs[name] ?? family.knobs.find((knob) => knob.name === name)?.default;
}

function hint(families: readonly Family[], name: string): string {
  const near = families
    .flatMap(({ variants }) => variants)
    .filter((variant) => variant.name.toLowerCase().startsWith(name.toLowerCase().slice(0, 4)))
    .slice(0, 5);
  return near.length > 0 ? `; near it are ${near.map((variant) => `"${variant.name}"`).join(', ')}` : '';
}

function summary({ name, summary, source, knobs, notes, variants }: Family): FamilySummary {
  return { name, summary, source, knobs, notes, variants };
}

async function profiled({ family, variant, knobs, published }: Chosen, signal: AbortSignal): Promise<BuiltArchitecture> {
  const { model } = family.build(knobs);
  const { profile } = await inSteps(analysisSteps(model, { name: variant || family.name, bytes: 0 }), signal);
  const { parameters, macs } = profile.totals;
  return {
    profile,
    record: {
      family: family.name,
      variant,
      knobs,
      inputShape: inputShape(profile, family.mainInput),
      parameters,
      macs,
      published,
      difference: {
        parameters: typeof published?.parameters === 'number' ? relativeDifference(parameters, published.parameters) : null,
        macs: typeof published?.macs === 'number' ? relativeDifference(macs, published.macs) : null,
      },
      facts: family.facts?.(knobs) ?? [],
    },
  };
}

/** Free dimensions as they were bound; of one input, or by name of several. */
function inputShape({ model }: Analysis['profile'], main: string | undefined): ArchitectureRecord['inputShape'] {
  const shapes = model.inputs.map(({ name, shape }) => [name, (shape ?? []).map(Number)] as const);
  const only = shapes.length === 1 ? shapes[0] : shapes.find(([name]) => name === main);
  return only ? only[1] : Object.fromEntries(shapes);
}
