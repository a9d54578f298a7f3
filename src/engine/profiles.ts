import { analysisSteps } from '../analysis/assemble';
import { withoutSize } from '../analysis/bakedSize';
import { inputSize, type SizedInput, sizeAxes } from '../analysis/compare';
import { nameInputDims } from '../analysis/shapes/inputs';
import { meantBy } from '../architectures/naming';
import { UserError } from '../bytes';
import { type Dim, graphInputs, type Model, type Shape } from '../model';
import type {
  ArchitectureRecord,
  ArchitectureRequest,
  EngineApi,
  Handlers,
  InputSize,
  Knobs,
  ModelFile,
  ModelReference,
  Profile,
} from '../protocol';
import type { AnalysisStore } from './analysisStore';
import { inSteps } from './steps';

/** A model's profile, and what was published where it is a reference system. */
export interface Profiled {
  readonly profile: Profile;
  /** `null` for a model from a file. */
  readonly record: ArchitectureRecord | null;
}

/** Knobs that say how large the input is, image or sequence. */
const SIZE_KNOBS = ['imageSize', 'length', 'sourceLength', 'targetLength', 'frames'];
/** Findings after which figures of another input size mean nothing. */
const MISFIT = new Set(['fixed-size', 'broadcast', 'reshape', 'concat', 'matmul', 'split', 'channels', 'squeeze']);
/** Steps inside a larger one: their progress is not shown. */
const UNHEARD = { signal: new AbortController().signal, progress: () => {} };

/** Profiles models wherever they come from. */
export class Profiles {
  constructor(
    readonly store: AnalysisStore,
    private readonly architectures: Pick<Handlers<EngineApi>, 'architecture' | 'architectures'>,
  ) {}

  async of(model: ModelReference, signal: AbortSignal): Promise<Profiled> {
    if (model.kind === 'architecture') return this.architectures.architecture(model, { ...UNHEARD, signal });
    return { profile: (await this.store.analysis(model, signal)).profile, record: null };
  }

  /** What the model was counted at. A file's dimensions say more by their names than by their extents. */
  async inputSize(model: ModelReference, { profile }: Profiled): Promise<InputSize | null> {
    if (model.kind === 'architecture') return inputSize(profile.model.inputs);
    return inputSize(profile.model.inputs, sizeAxes(declaredInputs((await this.store.open(model)).model)));
  }

  /** The knobs of a reference system that hold the size of its input, without building it. */
  async sizeKnobs({ family, variant }: ArchitectureRequest): Promise<readonly string[]> {
    const families = await this.architectures.architectures({}, UNHEARD);
    const among = families.filter(({ name }) => family === undefined || name.toLowerCase() === family.toLowerCase());
    const found = variant ? meantBy(among, variant)?.family : among[0];
    // One that is not there fails where it is built, and says so.
    if (!found) return SIZE_KNOBS;
    const has = (knob: string) => found.knobs.some(({ name }) => name === knob);
    // Where images need not be square; `width` alone is one of channels.
    return has('height') ? ['height', 'width'] : SIZE_KNOBS.filter(has);
  }
}

/**
 * The model with images of `size` x `size`, or sequences of `size` steps.
 * @throws UserError when the model's graph does not work at this size.
 */
export async function atSize(profiles: Profiles, model: ModelReference, size: number, signal: AbortSignal): Promise<Profiled> {
  if (model.kind !== 'architecture') return fileAtSize(profiles, model, size, signal);
  const names = await profiles.sizeKnobs(model);
  if (names.length === 0) throw new UserError(`${model.variant ?? model.family} has no knob for the size of its input.`);
  const knobs: Knobs = { ...model.knobs, ...Object.fromEntries(names.map((name) => [name, size])) };
  return profiles.of({ ...model, knobs }, signal);
}

async function fileAtSize(profiles: Profiles, model: ModelFile, size: number, signal: AbortSignal): Promise<Profiled> {
  const opened = await profiles.store.open(model, signal);
  const own = await profiles.of(model, signal);
  const declared = declaredInputs(opened.model);
  const found = sizeAxes(declared);
  if (!found) throw new UserError(`${opened.name} takes neither an image nor a sequence, so it has no size to change.`);
  const bindings = new Map(Object.entries(model.bindings ?? {}));
  for (const { name, shape } of declared) {
    for (const axis of found.axes.get(name) ?? []) {
      const dim = shape?.[axis] ?? null;
      // A fixed extent is asked for by its place.
      if (typeof dim === 'string') bindings.set(dim, size);
      else if (dim !== size) bindings.set(`${name}.${axis}`, size);
    }
    for (const dim of found.kind === 'sequence' ? maskDims(shape) : []) if (typeof dim === 'string') bindings.set(dim, size);
  }
  // Not kept: many sizes would push out what the editors look at.
  const file = { name: opened.name, bytes: opened.bytes };
  const sizes = { shapes: model.shapes, bindings: Object.fromEntries(bindings) };
  const { profile } = await inSteps(analysisSteps(opened.model, file, sizes), signal);
  const misfit = misfits(profile).find(({ code, node }) => !misfits(own.profile).some((old) => old.code === code && old.node === node));
  if (misfit?.code === 'fixed-size') throw new UserError(withoutSize(misfit.message));
  if (misfit) throw new UserError(`The model does not work at size ${size}: ${misfit.message}`);
  return { profile, record: null };
}

/** The inputs that a caller feeds, every free dimension by the name it is bound by. */
function declaredInputs(model: Model): readonly SizedInput[] {
  return graphInputs(model.graph)
    .map(nameInputDims)
    .map(({ name, type }) =>
      type.kind === 'tensor' ? { name, dtype: type.dtype, shape: type.shape } : { name, dtype: 'undefined', shape: null },
    );
}

/** Free last axes of a mask over pairs of steps: `[N, 1, S, S]`. */
function maskDims(shape: Shape | null): readonly Dim[] {
  if (shape?.length !== 4) return [];
  const dims = shape.slice(2);
  return dims.every((dim) => typeof dim === 'string' && !/past|cache|[+*]/i.test(dim)) ? dims : [];
}

function misfits({ warnings }: Profile): Profile['warnings'] {
  return warnings.filter(({ code }) => MISFIT.has(code));
}
