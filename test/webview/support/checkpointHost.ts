import { createEngine } from '../../../src/engine/engine';
import type { CallContext, CheckpointViewApi, Handlers, ModelSource } from '../../../src/protocol';

/** What the view asked of its host. */
export interface CheckpointAsked {
  loads: number;
  readonly statistics: string[];
  readonly copied: string[];
  readonly extracted: { readonly tensors: readonly string[]; readonly file: string }[];
  readonly saved: { readonly name: string; readonly bytes: Uint8Array }[];
}

export interface CheckpointHost {
  readonly handlers: Handlers<CheckpointViewApi>;
  readonly asked: CheckpointAsked;
}

/** A host as the extension is one: it answers from the real engine about `model`; `change` replaces single answers. */
export function checkpointHost(
  model: ModelSource,
  change: (handlers: Handlers<CheckpointViewApi>) => Partial<Handlers<CheckpointViewApi>> = () => ({}),
): CheckpointHost {
  const engine = createEngine();
  const asked: CheckpointAsked = { loads: 0, statistics: [], copied: [], extracted: [], saved: [] };
  let handle = '';
  const handlers: Handlers<CheckpointViewApi> = {
    load: async (_params, context: CallContext) => {
      asked.loads += 1;
      const shown = await engine.show({ model }, context);
      if (shown.kind !== 'checkpoint') throw new Error(shown.kind);
      handle = shown.handle;
      return shown.overview;
    },
    modules: (params, context) => engine.modules({ handle, ...params }, context),
    allModules: (params, context) => engine.allModules({ handle, ...params }, context),
    module: (params, context) => engine.module({ handle, ...params }, context),
    modulesOf: (params, context) => engine.modulesOf({ handle, ...params }, context),
    tensors: (params, context) => engine.checkpointTensors({ handle, ...params }, context),
    statistics: ({ tensor }, context) => {
      asked.statistics.push(tensor);
      return engine.statistics({ handle, tensor }, context);
    },
    block: (params, context) => engine.tensorBlock({ handle, ...params }, context),
    spectrum: (params, context) => engine.tensorSpectrum({ handle, ...params }, context),
    similarity: (params, context) => engine.tensorSimilarity({ handle, ...params }, context),
    footprint: (params, context) => engine.footprint({ handle, ...params }, context),
    health: (_params, context) => engine.health({ handle }, context),
    extract: async ({ tensors, format, name }) => {
      asked.extracted.push({ tensors, file: `${name}.${format}` });
    },
    openAs: async () => {},
    copy: async ({ text }) => {
      asked.copied.push(text);
    },
    save: async (file) => {
      asked.saved.push(file);
    },
  };
  return { handlers: { ...handlers, ...change(handlers) }, asked };
}

/** A safetensors file of float32 tensors. */
export function safetensors(
  tensors: readonly { readonly name: string; readonly shape: readonly number[]; readonly values?: readonly number[] }[],
): Uint8Array {
  const header: [string, unknown][] = [];
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const { name, shape, values } of tensors) {
    const elements = shape.reduce((product, extent) => product * extent, 1);
    const data = Float32Array.from({ length: elements }, (_, place) => values?.[place] ?? Math.sin(place + 1));
    header.push([name, { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] }]);
    parts.push(new Uint8Array(data.buffer));
    offset += data.byteLength;
  }
  const text = new TextEncoder().encode(`{${header.map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`).join(',')}}`);
  const bytes = new Uint8Array(8 + text.length + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  let at = 8 + text.length;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
