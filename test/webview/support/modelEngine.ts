import { createEngine } from '../../../src/engine/engine';
import { needsModel } from '../../../src/engine/needsModel';
import type { CallContext, Handlers, ModelSource, ModelViewApi } from '../../../src/protocol';
import type { Asked, ModelHost } from './modelHost';

/** A host as the extension is one: it answers from the real engine about the model at `path`. */
export function engineHost(path: string): ModelHost {
  const engine = createEngine();
  const asked: Asked = { loads: [], opened: [], levels: [], copied: [], saved: [], openedAs: [], runs: 0 };
  const model: ModelSource = { kind: 'file', path };
  let handle = '';
  const handlers: Handlers<ModelViewApi> = {
    load: async ({ bindings, groups = [] }, context: CallContext) => {
      asked.loads.push(bindings);
      asked.opened.push(groups);
      const shown = needsModel(await engine.show({ model: { ...model, bindings }, groups }, context));
      handle = shown.handle;
      return shown.overview;
    },
    nodeRows: ({ from }, context) => engine.nodeRows({ handle, from }, context),
    blockRows: ({ from }, context) => engine.blockRows({ handle, from }, context),
    graph: ({ group }, context) => {
      asked.levels.push(group);
      return engine.graph({ handle, group }, context);
    },
    groupsOf: ({ node }, context) => engine.groupsOf({ handle, node }, context),
    details: ({ node }, context) => engine.details({ handle, node }, context),
    tensors: ({ from }, context) => engine.tensors({ handle, from }, context),
    reconcile: ({ tools }, context) => engine.reconcile({ handle, tools }, context),
    statistics: ({ tensor }, context) => engine.statistics({ handle, tensor }, context),
    measure: (_params, context) => engine.latency({ model: { kind: 'open', handle }, provider: 'cpu', runs: 3 }, context),
    openAs: async ({ editor }) => {
      asked.openedAs.push(editor);
    },
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
