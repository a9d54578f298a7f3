import { createEngine } from '../../../src/engine/engine';
import type { CallContext, Handlers, ModelSource, ModelViewApi } from '../../../src/protocol';
import type { Asked, ModelHost } from './modelHost';

/** A host as the extension is one: it answers from the real engine about the model at `path`. */
export function engineHost(path: string): ModelHost {
  const engine = createEngine();
  const asked: Asked = { loads: [], levels: [], copied: [], saved: [], runs: 0 };
  const model: ModelSource = { kind: 'file', path };
  let bindings: Readonly<Record<string, number>> = {};
  const handlers: Handlers<ModelViewApi> = {
    load: (params, context: CallContext) => {
      asked.loads.push(params.bindings);
      bindings = params.bindings ?? {};
      return engine.profile({ model, bindings }, context);
    },
    graph: ({ group }, context) => {
      asked.levels.push(group);
      return engine.graph({ model, bindings, group }, context);
    },
    groupsOf: ({ node }, context) => engine.groupsOf({ model, bindings, node }, context),
    details: ({ node }, context) => engine.details({ model, bindings, node }, context),
    tensors: (_params, context) => engine.tensors({ model }, context),
    statistics: ({ tensor }, context) => engine.statistics({ model, tensor }, context),
    measure: (_params, context) => engine.latency({ model, bindings, provider: 'cpu', runs: 3 }, context),
    copy: async ({ text }) => {
      asked.copied.push(text);
    },
    runOnImage: async () => {
      asked.runs++;
    },
    save: async (file) => {
      asked.saved.push(file);
    },
  };
  return { handlers, asked };
}
