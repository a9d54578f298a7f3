import { reconcile } from '../conventions';
import { hasGraph } from '../model';
import type { EngineApi, Handlers } from '../protocol';
import { Runtimes } from '../runtime/registry';
import { AnalysisStore } from './analysisStore';
import { architectureMethods } from './architectures';
import { checkpointMethods, checkpointOverview } from './checkpointMethods';
import { Checkpoints } from './checkpoints';
import { compareMethods } from './compare';
import { nodeDetails, tensorRows } from './details';
import { Measurer } from './latency';
import { blockSlice, firstNode, nodeSlice, overviewOf, tensorSlice } from './modelSlices';
import { OpenModels } from './openModels';
import { Runner } from './runImage';
import { scanFile } from './scanFile';
import { tensorMethods } from './tensorMethods';

/**
 * The engine: all heavy work behind one interface. The extension serves it in a
 * process of its own; tests and the command line call it in theirs.
 */
export function createEngine(): Handlers<EngineApi> {
  const store = new AnalysisStore();
  const checkpoints = new Checkpoints();
  const models = new OpenModels(store, checkpoints);
  const runtimes = new Runtimes();
  const runner = new Runner(store, runtimes);
  const architectures = architectureMethods();
  const measurer = new Measurer(store, models, runtimes, architectures);
  return {
    ...architectures,
    ...compareMethods(store, architectures, checkpoints),
    ...checkpointMethods(store, models, checkpoints),
    ...tensorMethods(store, models, architectures),
    open: async ({ model }, { progress, signal }) => models.open(model, signal, progress),
    show: async ({ model, groups = [] }, { progress, signal }) => {
      const opened = await models.open(model, signal, progress);
      if (opened.kind === 'checkpoint') {
        const known = checkpoints.of(await store.artifact(model, signal));
        return { kind: 'checkpoint', handle: opened.handle, overview: checkpointOverview(known) };
      }
      const fold = await store.fold(model, signal, progress);
      const levels = groups.map((group) => fold.level(group)).filter(({ boxes }) => boxes.length > 0);
      return { kind: 'model', handle: opened.handle, overview: overviewOf(opened.profile, [fold.level(''), ...levels]) };
    },
    prepare: async ({ model }, { progress, signal }) => {
      const { artifact } = await store.artifact(model, signal, progress);
      if (hasGraph(artifact)) await store.fold(model, signal, progress);
    },
    nodeRows: async ({ handle, from }, { signal }) => nodeSlice((await store.analysis(await models.get(handle), signal)).profile, from),
    blockRows: async ({ handle, from }, { signal }) => blockSlice((await store.analysis(await models.get(handle), signal)).profile, from),
    graph: async ({ handle, group }, { signal }) => (await store.fold(await models.get(handle), signal)).level(group),
    groupsOf: async ({ handle, node }, { signal }) => {
      const model = await models.get(handle);
      const fold = await store.fold(model, signal);
      return fold.groupsOf(firstNode((await store.analysis(model, signal)).profile, node));
    },
    details: async ({ handle, node }, { signal }) => nodeDetails(await store.analysis(await models.get(handle), signal), node),
    tensors: async ({ handle, from }, { signal }) =>
      tensorSlice(tensorRows((await store.artifact(await models.get(handle), signal)).artifact), from),
    reconcile: async ({ handle, tools }, { signal }) => reconcile(await store.analysis(await models.get(handle), signal), tools),
    providers: () => runner.providers(),
    run: (params, context) => runner.run(params, context),
    attention: (params) => runner.attention(params),
    seenImage: (params) => runner.seenImage(params),
    imagePreview: (params) => runner.imagePreview(params),
    attentionPicture: (params) => runner.attentionPicture(params),
    latency: (params, context) => measurer.latency(params, context),
    scan: ({ file }, { signal }) => scanFile(file, signal),
    closeRun: (params) => runner.closeRun(params),
    close: async ({ handle }) => models.close(handle),
  };
}
