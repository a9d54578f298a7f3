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
    profile: async ({ model, bindings, shapes }, { progress, signal }) => {
      progress({ stage: 'read', fraction: null });
      return (await store.analysis(model, { bindings, shapes }, signal)).profile;
    },
    graph: async ({ model, bindings, group }, { signal }) => (await store.fold(model, { bindings }, signal)).level(group),
    groupsOf: async ({ model, bindings, node }, { signal }) => (await store.fold(model, { bindings }, signal)).groupsOf(node),
    details: async ({ model, bindings, node }, { signal }) => nodeDetails(await store.analysis(model, { bindings }, signal), node),
    tensors: async ({ model }, { signal }) => tensorRows((await store.open(model, signal)).model),
    statistics: async ({ model, tensor }, { signal }) => {
      const opened = await store.open(model, signal);
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
