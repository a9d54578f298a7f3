import type { ElementReader } from '../attention/maps';
import type { RuntimeTensor } from '../runtime/runtime';
import { halfTable } from '../vision/float16';

/** Elements of a tensor as numbers; `null` for types without any (strings). */
export function elementReader({ dtype, data }: RuntimeTensor): ElementReader | null {
  if (!ArrayBuffer.isView(data)) return null;
  if (dtype === 'float16') {
    const table = halfTable();
    return (index) => table[Number(data[index])] as number;
  }
  return (index) => Number(data[index]);
}

/** The same for a whole tensor, in float32. */
export function toFloat32(tensor: RuntimeTensor): Float32Array | null {
  if (tensor.data instanceof Float32Array) return tensor.data;
  const read = elementReader(tensor);
  return read && Float32Array.from({ length: tensor.data.length }, (_, index) => read(index));
}

/** Bytes of a tensor's elements in memory; 0 for strings, which are not counted. */
export function byteLength({ data }: RuntimeTensor): number {
  return ArrayBuffer.isView(data) ? data.byteLength : 0;
}
