import { UserError } from '../bytes';
import { definitionText } from '../checkpoint/definition';
import type { FoldedModule, ModuleFold } from '../checkpoint/fold';
import { budgetOfTensors, type CheckpointStructure } from '../checkpoint/structure';
import { trainingFootprint } from '../checkpoint/training';
import { type CheckpointTensor, tensorsWithin } from '../checkpoint/tree';
import type { CheckpointApi, CheckpointOverview, CheckpointTensorRow, Handlers, ModuleRow } from '../protocol';
import type { AnalysisStore } from './analysisStore';
import { type Checkpoints, type KnownCheckpoint, summaryOf } from './checkpoints';
import { checkpointHealth } from './health';
import { slice } from './modelSlices';
import type { OpenModels } from './openModels';

/** Findings that the first picture shows; the command line lists all. */
const MOST_FINDINGS = 200;
/** Modules of one structure that are named; the rest is a count. */
const MOST_MEMBERS = 100;

/** What an editor shows of a checkpoint first. */
export function checkpointOverview(known: KnownCheckpoint): CheckpointOverview {
  const { findings, ...summary } = summaryOf(known);
  const shown = findings.slice(0, MOST_FINDINGS);
  return { ...summary, findings: shown, moreFindings: findings.length - shown.length, modules: moduleSlice(known.fold.roots, 0) };
}

/** What tells of a checkpoint's modules and tensors. */
export function checkpointMethods(
  store: AnalysisStore,
  models: OpenModels,
  checkpoints: Checkpoints,
): Handlers<Omit<CheckpointApi, 'moments' | 'extract' | 'checkpointDiff' | 'mendCheckpoint'>> {
  const at = async (handle: string, signal: AbortSignal): Promise<KnownCheckpoint> =>
    checkpoints.of(await store.artifact(await models.get(handle), signal));
  return {
    modules: async ({ handle, parent, from }, { signal }) => {
      const { fold } = await at(handle, signal);
      return moduleSlice(parent === null ? fold.roots : moduleAt(fold, parent).children, from);
    },
    allModules: async ({ handle, from }, { signal }) => moduleSlice((await at(handle, signal)).fold.all, from),
    module: async ({ handle, module: id }, { signal }) => {
      const { fold, structure } = await at(handle, signal);
      const module = moduleAt(fold, id);
      const members = module.members.slice(0, MOST_MEMBERS).map((member) => pathOf(member, structure));
      return {
        module: moduleRow(module),
        definition: definitionText(module),
        members,
        moreMembers: module.members.length - members.length,
      };
    },
    modulesOf: async ({ handle, tensor }, { signal }) => {
      const { fold, structure, opened } = await at(handle, signal);
      const found = structure.tensors.find((candidate) => candidate.tensor.name === tensor);
      if (!found) throw new UserError(`${opened.name} has no tensor ${tensor}.`);
      const way: number[] = [];
      for (let id: number | null = fold.moduleOf[found.place] ?? null; id !== null; id = fold.all[id]?.parent ?? null) way.unshift(id);
      return way;
    },
    footprint: async ({ handle, optimizer, precision }, { signal }) =>
      trainingFootprint((await at(handle, signal)).structure, optimizer, precision),
    health: async ({ handle }, context) => checkpointHealth(await at(handle, context.signal), context),
    checkpointTensors: async ({ handle, module, from }, { signal }) => {
      const { fold, structure } = await at(handle, signal);
      const tensors = module === null ? structure.tensors : tensorsOf(moduleAt(fold, module));
      return slice(
        tensors,
        from,
        (tensor) => tensorRow(tensor, fold),
        ({ name, own, tied }) => name.length + own.length + tied.length,
      );
    },
  };
}

function moduleAt(fold: ModuleFold, id: number): FoldedModule {
  const module = fold.all[id];
  if (!module) throw new UserError(`The checkpoint has no module ${id}.`);
  return module;
}

/** Those of all modules that one stands for, and of all within. */
function tensorsOf(module: FoldedModule): readonly CheckpointTensor[] {
  // A module of the root's own tensors has no children, though the root has.
  if (module.children.length === 0) return module.members.flatMap(({ tensors }) => tensors);
  return module.members.flatMap((member) => [...tensorsWithin(member)]);
}

function moduleSlice(modules: readonly FoldedModule[], from: number) {
  return slice(modules, from, moduleRow, ({ name, path, definition }) => name.length + path.length + definition.length);
}

function moduleRow(module: FoldedModule): ModuleRow {
  const { children, own: _own, members: _members, ...rest } = module;
  const tensors = tensorsOf(module);
  return { ...rest, children: children.length, trainable: trainableOf(tensors), split: budgetOfTensors(tensors) };
}

function trainableOf(tensors: readonly CheckpointTensor[]): ModuleRow['trainable'] {
  let [trained, frozen] = [false, false];
  for (const { role, tensor } of tensors) {
    if (role !== 'parameter') continue;
    if (tensor.trainable === false) frozen = true;
    else trained = true;
  }
  return trained && frozen ? 'some' : trained ? 'all' : frozen ? 'none' : '';
}

function tensorRow(
  { tensor, place, own, section, elements, bytes, kind, part, role, tied }: CheckpointTensor,
  fold: ModuleFold,
): CheckpointTensorRow {
  const { name, dtype, shape, storage, trainable } = tensor;
  return {
    ...{ place, name, own, section, dtype, shape, elements, bytes, kind, part, role, tied },
    module: fold.moduleOf[place] ?? -1,
    file: 'file' in storage ? storage.file : '',
    missing: storage.kind === 'missing' ? storage.reason : '',
    trainable: role === 'parameter' && trainable !== false,
  };
}

function pathOf(member: FoldedModule['members'][number], { sections, separator }: CheckpointStructure): string {
  const names: string[] = [];
  let top = member;
  for (; top.parent; top = top.parent) names.unshift(top.name);
  const prefix = sections.find(({ root }) => root === top)?.prefix ?? '';
  return [...(prefix === '' ? [] : [prefix]), ...names].join(separator);
}
