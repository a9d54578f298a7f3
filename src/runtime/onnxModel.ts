import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../bytes';
import type { RuntimeModel } from './runtime';

/** protobuf's limit for one message; ONNX Runtime reads no larger file, whose weights belong in external data. */
const MAX_MODEL_BYTES = 2 ** 31 - 1;
/** One read's length: `read` fails above 2 GiB. */
const CHUNK = 1 << 28;

/** A model with the wanted outputs appended, ready to become a session. */
export interface PreparedModel {
  /** Changes when the model or the wanted outputs do. */
  readonly key: string;
  /** About what a session of it occupies. */
  readonly bytes: number;
  /** What ONNX Runtime loads: a path, or bytes with the outputs appended. */
  load(): Promise<string | Uint8Array>;
  /** Folder in which external data is looked for when loading bytes; `''` when there is none. */
  readonly folder: string;
}

/** What puts `taps` among the outputs, behind a file's own bytes. */
async function outputsOf(taps: readonly string[]): Promise<Uint8Array> {
  if (taps.length === 0) return new Uint8Array(0);
  const { appendOutputs } = await import('../formats/onnx/append');
  return appendOutputs(taps);
}

/** Identifies a model's current content, and readies it for a session with `taps` as further outputs. */
export async function prepareModel(model: RuntimeModel, taps: readonly string[]): Promise<PreparedModel> {
  const suffix = await outputsOf(taps);
  if (model.kind === 'bytes') {
    checkSize(model.bytes.length, model.name);
    const hash = createHash('sha256').update(model.bytes).update('\0').update(suffix).digest('hex');
    const load = async () => (suffix.length === 0 ? model.bytes : Buffer.concat([model.bytes, suffix]));
    return { key: hash, bytes: model.bytes.length + model.externalBytes, load, folder: '' };
  }
  const { path } = model;
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${path} cannot be read (${error.code ?? error.message}). Check the path.`);
  });
  checkSize(info.size, model.name);
  const hash = createHash('sha256').update(suffix).digest('hex');
  return {
    key: `${path}:${info.size}:${info.mtimeMs}:${hash}`,
    bytes: info.size + model.externalBytes,
    load: async () => (suffix.length === 0 ? path : readWith(path, info.size, suffix)),
    folder: dirname(path),
  };
}

function checkSize(size: number, name: string): void {
  if (size <= MAX_MODEL_BYTES) return;
  throw new UserError(`${name} is larger than 2 GB, which ONNX Runtime cannot load. Save it with its weights as external data.`);
}

async function readWith(path: string, size: number, suffix: Uint8Array): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(size + suffix.length);
  const file = await open(path);
  try {
    for (let at = 0; at < size; ) {
      const { bytesRead } = await file.read(bytes, at, Math.min(CHUNK, size - at), at);
      if (bytesRead === 0) throw new UserError(`${path} became shorter while it was read. Try again.`);
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
  bytes.set(suffix, size);
  return bytes;
}
