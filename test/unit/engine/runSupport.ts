import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { analyse } from '../../../src/analysis/assemble';
import { BufferSource } from '../../../src/bytes';
import type { RunModels } from '../../../src/engine/runImage';
import { openModel } from '../../../src/formats/registry';
import type { CallContext, ModelSource } from '../../../src/protocol';
import { OnnxRuntime } from '../../../src/runtime/onnxRuntime';
import { Runtimes } from '../../../src/runtime/registry';
import type { RunOrder, RunReport, Runtime } from '../../../src/runtime/runtime';

/** A call nobody cancels and nobody watches. */
export const context: CallContext = { signal: new AbortController().signal, progress: () => undefined };

/** Keeps the last report, so that a test can see logits and tensors. */
export class Recorder extends OnnxRuntime {
  report: RunReport | null = null;
  override async run(order: RunOrder): Promise<RunReport> {
    this.report = await super.run(order);
    return this.report;
  }
}

/** Runs everything on one engine. */
export function only(runtime: Runtime): Runtimes {
  return new Runtimes([{ id: 'only', models: 'all models', place: 'machine', accepts: () => true, make: () => runtime }]);
}

/** Reads and analyses anew at every call. */
export const models: RunModels = {
  open: async (source: ModelSource) => {
    const name = source.kind === 'file' ? basename(source.path) : source.name;
    const bytes = source.kind === 'file' ? new Uint8Array(readFileSync(source.path)) : source.bytes;
    return { name, model: await openModel(new BufferSource(bytes), { name, openSibling: async () => null }) };
  },
  analysis: async (file) => {
    const { model, name } = await models.open(file);
    return analyse(model, { name, bytes: 1 }, { shapes: file.shapes });
  },
};
