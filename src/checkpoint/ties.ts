import type { Tensor } from '../model';

/** Finds tensors that are one: the same elements of the same bytes, under another name. */
export class TensorTies {
  private readonly seen = new Map<string, string>();

  /** Name of the first tensor with the same elements that was asked for; `''` for the first itself. */
  tieOf(tensor: Tensor): string {
    const key = placeOf(tensor);
    if (key === null) return '';
    const before = this.seen.get(key);
    if (before === undefined) this.seen.set(key, tensor.name);
    return before ?? '';
  }
}

/** Where the elements are, in what order; `null` where nothing can be shared. */
function placeOf({ dtype, shape, storage }: Tensor): string | null {
  // An empty tensor has no place of its own, and small ones that were copied out have none any more.
  if (!('offset' in storage) || storage.length === 0 || shape.includes(0)) return null;
  const entry = 'entry' in storage ? storage.entry?.header : '';
  const place = `${entry ?? ''}:${storage.offset}:${storage.length}:${dtype}:${shape.join()}`;
  const view = storage.kind === 'strided' ? `${storage.start}:${storage.strides.join()}` : '';
  return `${place}:${view}:${'file' in storage ? storage.file : ''}`;
}
