import { type ByteSource, FormatError, LimitError } from '../bytes';
import type { Artifact, Model } from '../model';
import type { Format, OpenOptions } from './format';
import { gguf } from './gguf';
import { hdf5 } from './hdf5';
import { huggingface } from './huggingface';
import { keras } from './keras';
import { msgpack } from './msgpack';
import { needsGraph } from './needsGraph';
import { npy } from './npy';
import { npz } from './npz';
import { onnx } from './onnx';
import { pytorch } from './pytorch';
import { safetensors } from './safetensors';
import { openWhole } from './shards';
import { HEAD_BYTES, isZip, recognise } from './sniff';
import { openZip } from './zip';

export type { OpenOptions } from './format';

/** Asked in turn: first all by the file's first bytes, then all by its extension. */
const FORMATS: readonly Format[] = [onnx, safetensors, gguf, hdf5, npy, keras, pytorch, npz, huggingface, msgpack];

/**
 * Reads a model of any format we know, without its weights.
 * @throws FormatError when the file is none, or damaged; LimitError; UserError for a checkpoint, which has no graph
 */
export async function openModel(source: ByteSource, options: OpenOptions): Promise<Model> {
  return needsGraph(await openArtifact(source, options), options.name);
}

/**
 * Reads a model or a checkpoint of any format we know, without its weights.
 * @throws FormatError when the file is none, or damaged; LimitError
 */
export async function openArtifact(source: ByteSource, options: OpenOptions): Promise<Artifact> {
  if (source.size === 0) throw new FormatError(`${options.name} is empty.`, { offset: 0 });
  const whole = await openWhole(source, { ...options, openOther: openArtifact });
  if (whole) return whole;
  const head = await source.read(0, Math.min(HEAD_BYTES, source.size));
  const expected = FORMATS.find((format) => format.extensions.some((extension) => options.name.toLowerCase().endsWith(extension)));
  const format = FORMATS.find((candidate) => candidate.matches(head, options.name));
  if (format) return open(format, source, options);
  if (isZip(head)) {
    const archive = await named(options.name, openZip(source));
    const inside = FORMATS.find((candidate) => candidate.matchesArchive?.(archive));
    if (inside) return open(inside, source, { ...options, archive });
  }
  const what = recognise(head);
  if (what) throw new FormatError(`${options.name} is ${what}`, { offset: 0 });
  if (expected) return open(expected, source, options);
  throw new FormatError(`${options.name} is no model of a format that can be opened here (${extensions()}).`);
}

function open(format: Format, source: ByteSource, options: OpenOptions): Promise<Artifact> {
  return named(options.name, format.open(source, { ...options, openOther: openArtifact }));
}

/** Readers below do not know the file's name; a person must. */
async function named<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const message = error instanceof Error ? error.message.replace(/^The file /, () => `${name} `) : '';
    if (error instanceof FormatError) throw new FormatError(message, error.where);
    if (error instanceof LimitError) throw new LimitError(message, error.limit);
    throw error;
  }
}

function extensions(): string {
  return FORMATS.flatMap((format) => format.extensions).join(', ');
}
