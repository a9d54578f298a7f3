import type { Tensor } from '../model';

/** Finds tensors that are one: the same elements of the same bytes, under another name. */
export class TensorTies {
  /** Tensors by where they begin; most begin where no other does. */
  private readonly starts = new Map<number, Tensor[]>();

  /** Name of the first tensor with the same elements that was asked for; `''` for the first itself. */
  tieOf(tensor: Tensor): string {
    const { storage, shape } = tensor;
    // An empty tensor has no place of its own, and small ones that were copied out have none any more.
    if (!('offset' in storage) || storage.length === 0 || shape.includes(0)) return '';
    const start = storage.offset + ('entry' in storage ? (storage.entry?.header ?? 0) : 0);
    const before = this.starts.get(start);
    if (!before) {
      this.starts.set(start, [tensor]);
      return '';
    }
    const place = placeOf(tensor);
    const first = before.find((other) => placeOf(other) === place);
    // Many views of one storage are no reason to look at each of them again and again.
    if (!first && before.length < MOST_VIEWS) before.push(tensor);
    return first?.name ?? '';
  }
}

const MOST_VIEWS = 64;

/** Where the elements are, and in what order. */
function placeOf({ dtype, shape, storage }: Tensor): string {
  if (!('offset' in storage)) return '';
  const entry = 'entry' in storage ? (storage.entry?.header ?? '') : '';
  const view = storage.kind === 'strided' ? `${storage.start}:${storage.strides.join()}` : '';
  return `${entry}:${storage.offset}:${storage.length}:${dtype}:${shape.join()}:${view}:${'file' in storage ? storage.file : ''}`;
}
