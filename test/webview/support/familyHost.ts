import { UserError } from '../../../src/bytes';
import { createEngine } from '../../../src/engine/engine';
import { comparedFigures, type FamilyViewApi, type Handlers, type ReferenceChoice } from '../../../src/protocol';

/** What the view asked of its host. */
export interface FamilyAsked {
  readonly counted: ReferenceChoice[];
  readonly opened: ReferenceChoice[];
  readonly compared: ReferenceChoice[];
  readonly exported: ReferenceChoice[];
}

export interface FamilyHost {
  readonly handlers: Handlers<FamilyViewApi>;
  readonly asked: FamilyAsked;
}

/** A host of one family's page that answers from the real engine; `change` replaces single answers. */
export function familyHost(family: string, change: Partial<Handlers<FamilyViewApi>> = {}): FamilyHost {
  const engine = createEngine();
  const asked: FamilyAsked = { counted: [], opened: [], compared: [], exported: [] };
  const handlers: Handlers<FamilyViewApi> = {
    load: async (_params, context) => {
      const found = (await engine.architectures({}, context)).find(({ name }) => name === family);
      if (!found) throw new UserError(`There is no family "${family}".`);
      return found;
    },
    figures: async (choice, context) => {
      asked.counted.push(choice);
      const { profile, record } = await engine.architecture({ family, ...choice }, context);
      return { record, figures: comparedFigures(profile, record.published?.top1 ?? null) };
    },
    openModel: async (choice) => void asked.opened.push(choice),
    compare: async (choice) => void asked.compared.push(choice),
    exportModel: async (choice) => void asked.exported.push(choice),
    ...change,
  };
  return { handlers, asked };
}
