import type { FamilySummary, ModelReference } from '../protocol';
import { requestOf } from './archKnobs';
import { type Call, modelFile } from './options';

const PREFIX = 'arch:';

/** A model file, or `arch:VARIANT` for a reference system. */
export async function readReferences(names: readonly string[], { engine, context }: Call): Promise<readonly ModelReference[]> {
  let families: readonly FamilySummary[] | null = null;
  const references: ModelReference[] = [];
  for (const name of names) {
    if (!name.startsWith(PREFIX)) {
      references.push(modelFile(name));
      continue;
    }
    families ??= await engine.architectures({}, context);
    references.push({ kind: 'architecture', ...requestOf(families, name.slice(PREFIX.length), []).request });
  }
  return references;
}
