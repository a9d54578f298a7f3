import type { Model } from '../model';
import type { ModelSource } from '../protocol';
import type { RuntimeModel } from '../runtime/runtime';

/** A model's bytes as an engine that runs models loads them. */
export function runtimeModel(source: ModelSource, model: Model, name: string): RuntimeModel {
  const externalBytes = model.externalFiles.reduce((bytes, { size }) => bytes + (size ?? 0), 0);
  return source.kind === 'file'
    ? { kind: 'file', path: source.path, name, externalBytes }
    : { kind: 'bytes', bytes: source.bytes, name, externalBytes };
}
