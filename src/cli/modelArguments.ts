import type { FamilySummary, ModelReference } from '../protocol';
import { requestOf } from './archKnobs';
import type { Call } from './options';
import { modelSource } from './standardInput';

const PREFIX = 'arch:';

/** A model file, or `arch:VARIANT` for a reference system. */
export async function modelsNamed(names: readonly string[], { engine, context }: Call): Promise<readonly ModelReference[]> {
  let families: readonly FamilySummary[] | null = null;
  const references: ModelReference[] = [];
  for (const name of names) {
    if (!name.startsWith(PREFIX)) {
      references.push(await modelSource(name));
      continue;
    }
    families ??= await engine.architectures({}, context);
    references.push({ kind: 'architecture', ...requestOf(families, name.slice(PREFIX.length), []).request });
  }
  return references;
}
