import { UserError } from '../bytes';
import { statistics } from '../formats/tensorValues';
import type { EngineApi, Handlers } from '../protocol';
import { OnnxRuntime } from '../runtime/onnxRuntime';
import { AnalysisStore } from './analysisStore';
import { architectureMethods } from './architectures';
import { compareMethods } from './compare';
import { nodeDetails, storedTensors, tensorRows } from './details';
import { Measurer } from './latency';
import { Runner } from './runImage';

/**
 * The engine: all heavy work behind one interface. The extension serves it in a
 * process of its own; tests and the command line call it in theirs.
 */
export function createEngine(): Handlers<EngineApi> {
  const store = new AnalysisStore();
  const runtime = new OnnxRuntime();
  const runner = new Runner(store, runtime);
  const architectures = architectureMethods();
  const measurer = new Measurer(store, runtime, architectures);
  return {
    ...architectures,
    ...compareMethods(store, architectures),
    profile: async ({ model, bindings, shapes }, { progress }) => {
      progress({ stage: 'read', fraction: null });
      return (await store.analysis(model, { bindings, shapes })).profile;
    },
    graph: async ({ model, bindings, group }) => (await store.fold(model, { bindings })).level(group),
    groupsOf: async ({ model, bindings, node }) => (await store.fold(model, { bindings })).groupsOf(node),
    details: async ({ model, bindings, node }) => nodeDetails(await store.analysis(model, { bindings }), node),
    tensors: async ({ model }) => tensorRows((await store.open(model)).model),
    statistics: async ({ model, tensor }, { signal }) => {
      const opened = await store.open(model);
      const found = storedTensors(opened.model).find((candidate) => candidate.name === tensor);
      if (!found) throw new UserError(`The model has no tensor ${tensor}.`);
      const bytes = await opened.open();
      try {
        return await statistics(found, { model: bytes, sibling: opened.sibling }, signal);
      } finally {
        await bytes.close();
      }
    },
    providers: () => runner.providers(),
    run: (params, context) => runner.run(params, context),
    attention: (params) => runner.attention(params),
    seenImage: (params) => runner.seenImage(params),
    imagePreview: (params) => runner.imagePreview(params),
    attentionPicture: (params) => runner.attentionPicture(params),
    latency: (params, context) => measurer.latency(params, context),
    closeRun: (params) => runner.closeRun(params),
    forget: async ({ model }) => store.forget(model),
  };
}
