import { type ByteSource, FormatError, UserError } from '../../bytes';
import { own } from '../../data';
import { type Artifact, hasGraph } from '../../model';
import { FindingList } from '../findings';
import type { Format, OpenOptions } from '../format';
import { inFile, mergeShards } from '../shards/merge';
import { readJson, textsOf, weightMapOf } from '../shards/weightMap';

/** What `config.json` and its kin stand for: the first of these that is there. */
const WEIGHTS: readonly string[] = [
  'model.safetensors.index.json',
  'model.safetensors',
  'diffusion_pytorch_model.safetensors.index.json',
  'diffusion_pytorch_model.safetensors',
  'open_clip_model.safetensors',
  'pytorch_model.bin.index.json',
  'pytorch_model.bin',
  'diffusion_pytorch_model.bin',
  'open_clip_pytorch_model.bin',
  'model.weights.h5',
  'tf_model.h5',
  'flax_model.msgpack.index.json',
  'flax_model.msgpack',
];
const ADAPTER: readonly string[] = ['adapter_model.safetensors', 'adapter_model.bin'];
const BRACE = '{'.charCodeAt(0);

/** A folder as Hugging Face's libraries write it, opened by its configuration or by its index of shards. */
export const huggingface: Format = {
  id: 'huggingface',
  extensions: ['config.json', '.index.json'],
  matches: (head, name) => head[0] === BRACE && /(^|[\\/])(adapter_|open_clip_)?config\.json$|\.index\.json$/i.test(name),
  open: readFolder,
};

/** @throws FormatError for a file that is neither, UserError where no weights are beside it */
async function readFolder(source: ByteSource, options: OpenOptions): Promise<Artifact> {
  const content = await readJson(source);
  return own(content, 'weight_map') === undefined ? readConfig(content, options) : readIndex(content, options);
}

async function readIndex(content: Readonly<Record<string, unknown>>, options: OpenOptions): Promise<Artifact> {
  const { shards, metadata } = weightMapOf(content);
  if (shards.length === 0)
    throw new FormatError('The file is an index that names no tensor.', { format: 'huggingface', field: 'weight_map' });
  if (!options.openSibling) throw new UserError(`${options.name} is an index, and the files that it names cannot be read from here.`);
  const merged = await mergeShards(shards, { options }, new FindingList());
  const config = await configBeside(options);
  return { ...merged, metadata: { ...merged.metadata, ...Object.fromEntries([...metadata, ...config]) } };
}

async function configBeside({ openSibling }: OpenOptions): Promise<ReadonlyMap<string, string>> {
  try {
    const source = (await openSibling?.('config.json')) ?? null;
    return source === null ? new Map() : textsOf(await readJson(source), 'config.');
  } catch {
    // It is no part of the checkpoint; whoever opens it is told.
    return new Map();
  }
}

async function readConfig(content: Readonly<Record<string, unknown>>, options: OpenOptions): Promise<Artifact> {
  const { openSibling, openOther, name } = options;
  const candidates = /adapter_config\.json$/i.test(name) ? ADAPTER : WEIGHTS;
  for (const file of candidates) {
    const source = (await openSibling?.(file)) ?? null;
    if (source === null || !openOther) continue;
    const artifact = await openOther(source, { ...options, name: file });
    if (hasGraph(artifact)) return artifact;
    const tensors = artifact.tensors.map((tensor) => inFile(tensor, file));
    const external = artifact.externalFiles.length > 0 ? artifact.externalFiles : [{ path: file, size: source.size }];
    return {
      ...artifact,
      tensors,
      externalFiles: external,
      metadata: { ...artifact.metadata, ...Object.fromEntries(textsOf(content, 'config.')) },
    };
  }
  throw new UserError(`${name} describes a model, and none of its weights are beside it (such as ${candidates[0]} or ${candidates[1]}).`);
}
