import { UserError } from '../../bytes';
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
    return littleEndian(fillValues(fill, tensor.name, elementsOf(tensor), seed));
  };
}

/**
 * Packed elements of tensors that are given by the names of initializers;
 * `otherwise` fills the rest, which stays without bytes unless given.
 *
 * @throws UserError for a name that the model has no weight of, or a number of elements that its shape does not have.
 */
export function boundWeights(
  { model, fills }: BuiltModel,
  tensors: Readonly<Record<string, ArrayLike<number>>>,
  otherwise: (tensor: Tensor) => Uint8Array | null = () => null,
): (tensor: Tensor) => Uint8Array | null {
  const given = new Map(Object.entries(tensors));
  const stranger = [...given.keys()].find((name) => !fills.has(name));
  if (stranger !== undefined) throw new UserError(`${model.graph.name} has no weight "${stranger}".`);
  return (tensor) => {
    const values = given.get(tensor.name);
    if (!values) return otherwise(tensor);
    const elements = elementsOf(tensor);
    if (values.length !== elements) {
      throw new UserError(`"${tensor.name}" takes ${elements} elements [${tensor.shape.join(', ')}], not ${values.length}.`);
    }
    return littleEndian(Float32Array.from(values));
  };
}

function elementsOf({ shape }: Tensor): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

function littleEndian(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < values.length; at++) view.setFloat32(4 * at, values[at] as number, true);
  return bytes;
}
