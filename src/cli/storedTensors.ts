import type { TensorRow } from '../protocol';
import { gathered } from './gathered';
import type { Call } from './options';

/** All stored tensors of what is open, in the file's order. */
export function allTensors(handle: string, { engine, context }: Call): Promise<readonly TensorRow[]> {
  return gathered((from) => engine.tensors({ handle, from }, context));
}
