import type { CheckpointTensorRow, ModuleRow } from '../protocol';
import { gathered } from './gathered';
import type { Call } from './options';

/** A module with those in it, as `inspect --json` writes it. */
export interface ModuleTreeEntry extends Omit<ModuleRow, 'children'> {
  readonly children: readonly ModuleTreeEntry[];
}

/** All modules down to `depth`, in pre-order; at most `most` of them. */
export async function moduleRows(
  handle: string,
  { depth, most }: { readonly depth: number; readonly most: number },
  call: Call,
): Promise<readonly ModuleRow[]> {
  const rows: ModuleRow[] = [];
  const within = async (parent: number | null): Promise<void> => {
    for (const row of await childrenOf(handle, parent, call)) {
      if (rows.length >= most) return;
      rows.push(row);
      if (row.children > 0 && row.depth + 1 < depth) await within(row.id);
    }
  };
  await within(null);
  return rows;
}

/** The whole tree. */
export async function moduleTree(handle: string, call: Call, parent: number | null = null): Promise<readonly ModuleTreeEntry[]> {
  const entries: ModuleTreeEntry[] = [];
  for (const row of await childrenOf(handle, parent, call)) {
    entries.push({ ...row, children: row.children > 0 ? await moduleTree(handle, call, row.id) : [] });
  }
  return entries;
}

/** All tensors in the file's order. */
export function checkpointTensors(handle: string, { engine, context }: Call): Promise<readonly CheckpointTensorRow[]> {
  return gathered((from) => engine.checkpointTensors({ handle, module: null, from }, context));
}

function childrenOf(handle: string, parent: number | null, { engine, context }: Call): Promise<readonly ModuleRow[]> {
  return gathered((from) => engine.modules({ handle, parent, from }, context));
}
