import { UserError } from '../../../src/bytes';
import { blockSlice, nodeSlice, overviewOf, tensorSlice } from '../../../src/engine/modelSlices';
import type { Handlers, ModelViewApi, Profile } from '../../../src/protocol';
import { groupsOfNode, makeDetails, makeLevel, makeProfile, makeStatistics, makeTensors } from './modelData';

/** What the view asked of its host. */
export interface Asked {
  readonly loads: (Readonly<Record<string, number>> | undefined)[];
  /** Groups that were to come with each load. */
  readonly opened: (readonly string[])[];
  /** Groups that were asked for afterwards. */
  readonly levels: string[];
  readonly copied: string[];
  readonly saved: { readonly name: string; readonly bytes: Uint8Array }[];
  readonly openedAs: string[];
  runs: number;
}

export interface ModelHost {
  readonly handlers: Handlers<ModelViewApi>;
  readonly asked: Asked;
}

/** A host that answers with made-up data; `change` replaces single answers. */
export function dataHost(change: Partial<Handlers<ModelViewApi>> = {}, profile: Profile = makeProfile()): ModelHost {
  const asked: Asked = { loads: [], opened: [], levels: [], copied: [], saved: [], openedAs: [], runs: 0 };
  const handlers: Handlers<ModelViewApi> = {
    load: async ({ bindings, groups = [] }) => {
      asked.loads.push(bindings);
      asked.opened.push(groups);
      const bound = Object.entries(bindings ?? {}).map(([name, value]) => [name, { value, assumed: false }]);
      const levels = ['', ...groups].flatMap((group) => makeLevel(group) ?? []);
      return overviewOf({ ...profile, bindings: { ...profile.bindings, ...Object.fromEntries(bound) } }, levels);
    },
    nodeRows: async ({ from }) => nodeSlice(profile, from),
    blockRows: async ({ from }) => blockSlice(profile, from),
    graph: async ({ group }) => {
      asked.levels.push(group);
      const level = makeLevel(group);
      if (!level) throw new UserError(`The model has no group ${group}.`);
      return level;
    },
    groupsOf: async ({ node }) => groupsOfNode(node),
    details: async ({ node }) => makeDetails(node),
    tensors: async ({ from }) => tensorSlice(makeTensors(), from),
    reconcile: async () => {
      throw new UserError('The made-up model is no graph that other tools could count.');
    },
    statistics: async ({ tensor }) => makeStatistics(tensor),
    measure: async () => {
      throw new UserError('The made-up model cannot be run.');
    },
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
    ...change,
  };
  return { handlers, asked };
}
