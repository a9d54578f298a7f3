import type { Key } from '../checkpoint/keys/key';
import { checkpointStructure } from '../checkpoint/structure';
import type { CheckpointTensor } from '../checkpoint/tree';
import { append } from '../data';
import type { TensorFiles } from '../formats/tensorValues';
import { type Artifact, type Checkpoint, hasGraph, isFloating, type Tensor } from '../model';
import type { CallContext, EngineApi, Handlers, ModelReference, ModelSource } from '../protocol';
import type { AnalysisStore, StoredArtifact } from './analysisStore';

/** One of two files that are compared by their tensors. */
export interface DiffSide {
  readonly name: string;
  readonly format: string;
  readonly tensors: readonly CheckpointTensor[];
  readonly opened: StoredArtifact;
}

/** Opens a side: a checkpoint, or a model or reference system by its stored weights. */
export async function openSide(
  model: ModelReference,
  store: AnalysisStore,
  architectures: Pick<Handlers<EngineApi>, 'buildArchitecture'>,
  context: CallContext,
): Promise<DiffSide> {
  const source = model.kind === 'architecture' ? await built(model, architectures, context) : model;
  const opened = await store.artifact(source, context.signal);
  const { format } = opened.artifact;
  return { name: opened.name, format, tensors: checkpointStructure(weightsOf(opened.artifact)).tensors, opened };
}

async function built(
  model: Extract<ModelReference, { readonly kind: 'architecture' }>,
  architectures: Pick<Handlers<EngineApi>, 'buildArchitecture'>,
  context: CallContext,
): Promise<ModelSource> {
  const { kind: _kind, ...request } = model;
  const bytes = await architectures.buildArchitecture({ ...request, weights: 'none' }, context);
  return { kind: 'bytes', name: `${model.variant ?? model.family ?? 'model'}.onnx`, bytes };
}

/** A model's initialisers as a checkpoint: those that hold weights, not the constants of its computation. */
function weightsOf(artifact: Artifact): Checkpoint {
  if (!hasGraph(artifact)) return artifact;
  const tensors = artifact.graph.initializers.filter(
    ({ dtype, shape }) => isFloating(dtype) || (shape.length > 1 && /int8|int4/.test(dtype)),
  );
  return { format: artifact.format, formatVersion: '', metadata: {}, tensors, externalFiles: [], findings: [] };
}

/** Two lists of what is to be compared. */
export interface ComparedKeys {
  readonly before: readonly Key[];
  readonly after: readonly Key[];
  readonly leftOut: readonly string[];
}

/** The sections that both sides have; where one has none of the other's weights or copies, those are left out. */
export function comparedKeys(before: DiffSide, after: DiffSide): ComparedKeys {
  const [ours, theirs] = [sectionsOf(before), sectionsOf(after)];
  const leftOut: string[] = [];
  const keep = (side: DiffSide, own: ReadonlySet<string>, other: ReadonlySet<string>) => {
    // Where the weights have no counterpart, whatever there is stands for them.
    const lone = [...own].filter((section) => !other.has(section) && [...own].some((one) => other.has(one)));
    append(
      leftOut,
      lone.map((section) => `${section} of ${side.name}`),
    );
    return side.tensors.filter(({ section }) => !lone.includes(section)).map(keyOf);
  };
  return { before: keep(before, ours, theirs), after: keep(after, theirs, ours), leftOut };
}

function sectionsOf({ tensors }: DiffSide): ReadonlySet<string> {
  return new Set(tensors.map(({ section }) => section));
}

function keyOf({ tensor, kind, part }: CheckpointTensor): Key {
  return { name: tensor.name, shape: tensor.shape, dtype: tensor.dtype, kind, part, tensor };
}

/** Both sides' files, open until the work is done. */
export async function withFiles<Result>(
  before: DiffSide,
  after: DiffSide,
  work: (ours: TensorFiles, theirs: TensorFiles) => Promise<Result>,
): Promise<Result> {
  const ours = await before.opened.open();
  try {
    const theirs = await after.opened.open();
    try {
      return await work({ model: ours, sibling: before.opened.sibling }, { model: theirs, sibling: after.opened.sibling });
    } finally {
      await theirs.close();
    }
  } finally {
    await ours.close();
  }
}

/** A tensor that has values to be read. */
export function isStored({ storage }: Tensor): boolean {
  return storage.kind !== 'missing' && storage.kind !== 'strings';
}
