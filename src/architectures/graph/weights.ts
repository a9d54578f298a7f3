import type { Tensor } from '../../model';
import type { BuiltModel } from './builder';
import { fillValues } from './fill';

/**
 * Packed little-endian float32 elements of a built model's weights, seeded: the
 * same seed gives the same bytes on every machine. `null` for a tensor that
 * has no recipe.
 */
export function seededWeights({ fills }: BuiltModel, seed = 0): (tensor: Tensor) => Uint8Array | null {
  return (tensor) => {
    const fill = fills.get(tensor.name);
    if (!fill) return null;
    const elements = tensor.shape.reduce((product, extent) => product * extent, 1);
    return littleEndian(fillValues(fill, tensor.name, elements, seed));
  };
}

function littleEndian(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < values.length; at++) view.setFloat32(4 * at, values[at] as number, true);
  return bytes;
}
