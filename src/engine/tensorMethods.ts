import { UserError } from '../bytes';
import { writeNpy } from '../formats/npy/write';
import { writeSafetensors } from '../formats/safetensors/write';
import { momentsOf, statistics, type TensorFiles, tensorBlock } from '../formats/tensorValues';
import type { Tensor } from '../model';
import type { EngineApi, Handlers } from '../protocol';
import type { AnalysisStore } from './analysisStore';
import { checkpointDiff } from './checkpointDiff';
import { storedTensors } from './details';
import { openSide } from './diffSides';
import { mendCheckpoint } from './mendCheckpoint';
import { packedBytes } from './movedBytes';
import type { OpenModels } from './openModels';
import { tensorSimilarity, tensorSpectrum } from './tensorPictures';
import { writeWhole } from './writeWhole';

type Methods = Pick<
  Handlers<EngineApi>,
  'tensorBlock' | 'tensorSpectrum' | 'tensorSimilarity' | 'statistics' | 'moments' | 'extract' | 'checkpointDiff' | 'mendCheckpoint'
>;

/** What reads the values of stored tensors, of models and checkpoints alike. */
export function tensorMethods(
  store: AnalysisStore,
  models: OpenModels,
  architectures: Pick<Handlers<EngineApi>, 'buildArchitecture'>,
): Methods {
  /** Finds tensors by name and lets their values be read. */
  const reading = async <Result>(
    handle: string,
    names: readonly string[],
    work: (tensors: readonly Tensor[], files: TensorFiles) => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result> => {
    const opened = await store.artifact(await models.get(handle), signal);
    const wanted = new Set(names);
    const byName = new Map<string, Tensor>();
    for (const tensor of storedTensors(opened.artifact)) if (wanted.has(tensor.name)) byName.set(tensor.name, tensor);
    const found = names.map((name) => {
      const tensor = byName.get(name);
      if (!tensor) throw new UserError(`${opened.name} has no tensor ${name}.`);
      return tensor;
    });
    const bytes = await opened.open();
    try {
      return await work(found, { model: bytes, sibling: opened.sibling });
    } finally {
      await bytes.close();
    }
  };
  return {
    tensorBlock: ({ handle, tensor, parts }, { signal }) =>
      reading(handle, [tensor], ([one], files) => tensorBlock(given(one), parts, files, signal), signal),
    tensorSpectrum: ({ handle, tensor }, context) =>
      reading(handle, [tensor], ([one], files) => tensorSpectrum(given(one), files, context), context.signal),
    tensorSimilarity: ({ handle, tensor }, context) =>
      reading(handle, [tensor], ([one], files) => tensorSimilarity(given(one), files, context), context.signal),
    statistics: ({ handle, tensor }, { signal }) =>
      reading(handle, [tensor], ([one], files) => statistics(given(one), files, signal), signal),
    moments: ({ handle, tensor }, { signal }) => reading(handle, [tensor], ([one], files) => momentsOf(given(one), files, signal), signal),
    checkpointDiff: async ({ before, after, keysOnly }, context) => {
      const [ours, theirs] = [await openSide(before, store, architectures, context), await openSide(after, store, architectures, context)];
      return checkpointDiff(ours, theirs, keysOnly, context);
    },
    mendCheckpoint: async ({ before, after, path }, context) => {
      const [ours, theirs] = [await openSide(before, store, architectures, context), await openSide(after, store, architectures, context)];
      return mendCheckpoint(ours, theirs, path, context);
    },
    extract: ({ handle, tensors, path }, { signal }) =>
      reading(handle, tensors, async (found, files) => ({ bytes: await writeWhole(path, piecesOf(path, found, files, signal)) }), signal),
  };
}

function given(tensor: Tensor | undefined): Tensor {
  if (!tensor) throw new UserError('No tensor is named.');
  return tensor;
}

function piecesOf(path: string, tensors: readonly Tensor[], files: TensorFiles, signal: AbortSignal): AsyncIterable<Uint8Array> {
  const [first, ...others] = tensors;
  if (path.toLowerCase().endsWith('.npy')) {
    if (others.length > 0) throw new UserError(`A .npy file holds one tensor; write ${tensors.length} to a .safetensors file.`);
    return writeNpy(given(first), files, signal);
  }
  if (!path.toLowerCase().endsWith('.safetensors'))
    throw new UserError(`${path} is neither .npy nor .safetensors; tensors are written as these.`);
  return writeSafetensors(
    tensors.map((tensor) => ({ ...tensor, pieces: () => packedBytes(tensor, files, signal) })),
    { format: 'pt' },
  );
}
