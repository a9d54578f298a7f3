import { checkpointStructure } from '../../../src/checkpoint/structure';
import type { Checkpoint, DType, Tensor } from '../../../src/model';

/** A tensor as a test writes it: name, shape, and a type where it is not float32. */
export type Written = readonly [name: string, shape: readonly number[], dtype?: DType];

/** A checkpoint of such tensors, one behind the other; `tied` ones lie where the named tensor does. */
export function checkpointOf(tensors: readonly Written[], tied: Readonly<Record<string, string>> = {}): Checkpoint {
  const places = new Map<string, Tensor['storage']>();
  let offset = 0;
  const made = tensors.map(([name, shape, dtype = 'float32']): Tensor => {
    const length = 4 * shape.reduce((product, extent) => product * extent, 1);
    const storage = places.get(tied[name] ?? '') ?? { kind: 'bytes', file: '', offset, length };
    offset += length;
    places.set(name, storage);
    return { name, dtype, shape, storage };
  });
  return { format: 'test', formatVersion: '', metadata: {}, tensors: made, externalFiles: [], findings: [] };
}

/** Its structure. */
export function structureOf(tensors: readonly Written[], tied: Readonly<Record<string, string>> = {}) {
  return checkpointStructure(checkpointOf(tensors, tied));
}

/** Kinds by tensor, with an attention's part behind it. */
export function kindsOf(tensors: readonly Written[]): Readonly<Record<string, string>> {
  return Object.fromEntries(structureOf(tensors).tensors.map(({ tensor, kind, part }) => [tensor.name, part ? `${kind} ${part}` : kind]));
}
