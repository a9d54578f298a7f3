import { UserError } from '../bytes';
import type { ArchitectureRecord, ArchitectureRequest, EngineApi, Handlers, Knobs, ModelReference, Profile } from '../protocol';
import type { AnalysisStore, Bound } from './analysisStore';

export interface Measured {
  readonly profile: Profile;
  /** `null` for a model from a file. */
  readonly record: ArchitectureRecord | null;
}

type FileReference = Exclude<ModelReference, { readonly kind: 'architecture' }>;

/** Knobs that say how large the input is, image or sequence. */
const SIZE_KNOBS = ['imageSize', 'length', 'sourceLength', 'targetLength', 'frames'];
/** Findings after which figures of another input size mean nothing. */
const MISFIT = new Set(['broadcast', 'reshape', 'concat', 'matmul', 'split', 'channels', 'squeeze']);
const NEVER = { signal: new AbortController().signal, progress: () => {} };

/** Profiles models wherever they come from. */
export class References {
  constructor(
    readonly store: AnalysisStore,
    private readonly architectures: Pick<Handlers<EngineApi>, 'architecture' | 'architectures'>,
  ) {}

  async measure(model: ModelReference, bound: Bound = {}): Promise<Measured> {
    if (model.kind === 'architecture') {
      if (Object.keys(bound.bindings ?? {}).length > 0) throw new UserError('A reference system is bound by its knobs, not by --bind.');
      return this.architectures.architecture(model, NEVER);
    }
    const bindings = { ...model.bindings, ...bound.bindings };
    return { profile: (await this.store.analysis(model, { ...bound, bindings })).profile, record: null };
  }

  /** The knobs of a reference system that hold the size of its input, without building it. */
  async sizeKnobs({ family, variant }: ArchitectureRequest): Promise<readonly string[]> {
    const families = await this.architectures.architectures({}, NEVER);
    const name = variant?.toLowerCase();
    const found = families.find(
      (one) =>
        (family === undefined || one.name.toLowerCase() === family.toLowerCase()) &&
        (!name || one.name.toLowerCase() === name || one.variants.some((other) => other.name.toLowerCase() === name)),
    );
    // One that is not there fails where it is built, and says so.
    if (!found) return SIZE_KNOBS;
    return SIZE_KNOBS.filter((knob) => found.knobs.some((other) => other.name === knob));
  }
}

/**
 * The model with images of `size` x `size`, or sequences of `size` steps.
 * @throws UserError when the model's input has a fixed size, or its graph does not work at this one.
 */
export async function atSize(references: References, model: ModelReference, size: number): Promise<Measured> {
  if (model.kind !== 'architecture') return fileAtSize(references, model, size);
  const names = await references.sizeKnobs(model);
  if (names.length === 0) throw new UserError(`${model.variant ?? model.family} has no knob for the size of its input.`);
  const knobs: Knobs = { ...model.knobs, ...Object.fromEntries(names.map((name) => [name, size])) };
  return references.measure({ ...model, knobs });
}

async function fileAtSize(references: References, model: FileReference, size: number): Promise<Measured> {
  const { model: declared } = await references.store.open(model);
  const given = new Set(declared.graph.initializers.map(({ name }) => name));
  const bindings: Record<string, number> = {};
  const shapes: Record<string, readonly number[]> = {};
  for (const value of (await references.measure(model)).profile.model.inputs) {
    const type = declared.graph.inputs.find(({ name }) => name === value.name)?.type;
    const shape = type?.kind === 'tensor' ? type.shape : null;
    if (!shape || !value.shape || given.has(value.name) || shape.length < 2) continue;
    const axes = sizeAxes(shape, value.shape);
    const fixed = axes.find((axis) => typeof shape[axis] === 'number' && shape[axis] !== size);
    if (fixed !== undefined)
      throw new UserError(`Input "${value.name}" has the fixed size ${shape[fixed]}; only free dimensions can be changed.`);
    for (const axis of axes) {
      const dim = shape[axis];
      if (typeof dim === 'string') bindings[dim] = size;
    }
    if (axes.some((axis) => shape[axis] === null)) {
      shapes[value.name] = value.shape.map((extent, axis) => (axes.includes(axis) ? size : Number(extent)));
    }
  }
  const measured = await references.measure(model, { bindings, shapes });
  const misfit = measured.profile.warnings.find(({ code }) => MISFIT.has(code));
  if (misfit) throw new UserError(`The model does not work at size ${size}: ${misfit.message}`);
  return measured;
}

/** Axes of an input that hold its size: height and width of an image, else the steps of a sequence. */
function sizeAxes(shape: readonly unknown[], bound: readonly unknown[]): readonly number[] {
  if (shape.length === 4) return bound[1] === 1 || bound[1] === 3 || bound[3] !== 3 ? [2, 3] : [1, 2];
  return [1];
}
