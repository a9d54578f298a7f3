import type {
  Arithmetic,
  Attend,
  Control,
  Convolution,
  Curve,
  Embedding,
  InputRoles,
  Inputs,
  Logic,
  Meaning,
  Movement,
  Normalization,
  Pool,
  Reduction,
  Traffic,
  Unary,
} from '../meaning';
import type { Operator } from '../rule';

/** Short ways to write meanings in the families' tables. */

const NO_ROLES: InputRoles = {};

/** A known operator that nobody asks more of than its rules. */
export const OTHER: Meaning = { kind: 'other', does: 'other', inputs: NO_ROLES };

/** The same, with inputs that are no data. */
export function other(inputs: InputRoles): Meaning {
  return { kind: 'other', does: 'other', inputs };
}

/** An operator on elements of two or more inputs. */
export function arithmetic(does: Arithmetic, inputs: InputRoles = NO_ROLES, operands: Inputs = 'all'): Meaning {
  return { kind: 'arithmetic', does, operands, inputs };
}

/** An operator on each element. */
export function unary(does: Unary): Meaning {
  return { kind: 'unary', does, inputs: NO_ROLES };
}

/** An operator whose answers are truth values, or bits. */
export function logic(does: Logic, inputs: InputRoles = NO_ROLES): Meaning {
  return { kind: 'logic', does, inputs };
}

/** An activation. */
export function curve(does: Curve, inputs: InputRoles = NO_ROLES): Meaning {
  return { kind: 'activate', does, inputs };
}

/** A reduction along axes. */
export function reduce(does: Reduction): Meaning {
  return { kind: 'reduce', does, inputs: NO_ROLES };
}

/** A normalisation; `inputs` tells scale and shift from buffers. */
export function normalize(does: Normalization, inputs: InputRoles = NO_ROLES): Meaning {
  return { kind: 'normalize', does, inputs };
}

/** A pooling by windows, or over all positions; `gives` is what becomes of each. */
export function pool(does: Pool['does'], gives: Pool['gives'], channelsLast = false): Meaning {
  return { kind: 'pool', does, gives, channelsLast, inputs: NO_ROLES };
}

/** An operator that adds or turns positions in. */
export function embed(does: Embedding, inputs: InputRoles = NO_ROLES): Meaning {
  return { kind: 'embed', does, inputs };
}

/** A recurrent layer in one operator. */
export function recur(inputs: InputRoles): Meaning {
  return { kind: 'recur', does: 'recur', inputs };
}

/** An operator that changes the number of positions; `settings` are inputs that only say how. */
export function resample(settings: Inputs): Meaning {
  return { kind: 'resample', does: 'resize', inputs: { settings } };
}

/** Elements drawn at random: two runs differ. */
export const RANDOM: Meaning = { kind: 'random', does: 'sample', inputs: NO_ROLES };

/** A softmax; `defaultAxis` is where the node gives none, counted from the end when negative. */
export function softmax(defaultAxis: number): Meaning {
  return { kind: 'softmax', does: 'softmax', defaultAxis, inputs: NO_ROLES };
}

/** Rearranges, or makes values of no data. */
export function move(does: Movement, inputs: InputRoles = NO_ROLES, traffic: Traffic | null = null): Meaning {
  return { kind: 'move', does, transparent: false, traffic, inputs };
}

/** Passes its first input on, unchanged but for layout or precision. */
export function pass(does: Movement, inputs: InputRoles = NO_ROLES, traffic: Traffic | null = null): Meaning {
  return { kind: 'move', does, transparent: true, traffic, inputs };
}

/** A convolution; without `form`, image first and kernel second as in `Conv`. */
export function convolve(form: Partial<Omit<Convolution, 'kind' | 'does'>> = {}, inputs: InputRoles = { weights: [1, 2] }): Meaning {
  return { kind: 'convolution', does: 'convolve', input: 0, weight: 1, transposed: false, channelsLast: false, ...form, inputs };
}

/** A product of its first input with input `right`. */
export function product(inputs: InputRoles = NO_ROLES, right = 1): Meaning {
  return { kind: 'product', does: 'multiplyMatrices', left: 0, right, form: 'matrix', packed: false, inputs };
}

/** A product with a matrix packed in blocks. */
export function packedProduct(inputs: InputRoles): Meaning {
  return { kind: 'product', does: 'multiplyMatrices', left: 0, right: 1, form: 'matrix', packed: true, inputs };
}

/** The product that an Einsum of two inputs is; its equation tells which axes. */
export const EINSUM_PRODUCT: Meaning = {
  kind: 'product',
  does: 'multiplyMatrices',
  left: 0,
  right: 1,
  form: 'einsum',
  packed: false,
  inputs: NO_ROLES,
};

/** Attention on operands that were projected before. */
export function attend(operands: Partial<Pick<Attend, 'key' | 'value' | 'causal'>> = {}, inputs: InputRoles = NO_ROLES): Meaning {
  return { kind: 'attend', does: 'attend', query: 0, key: 1, value: 2, projectsItself: false, causal: false, ...operands, inputs };
}

/** Attention that projects its hidden state itself. */
export function projectAndAttend(inputs: InputRoles = NO_ROLES): Meaning {
  return { kind: 'attend', does: 'attend', query: 0, key: 0, value: 0, projectsItself: true, causal: false, inputs };
}

/** An operator that runs bodies; `bodies` says how its inputs and outputs meet theirs. */
export function control(does: Control['does'], bodies: Partial<Pick<Control, 'ownInputs' | 'bodyOutputs'>> = {}): Meaning {
  return { kind: 'control', does, bodyOutputs: 0, ownInputs: 0, ...bodies, inputs: NO_ROLES };
}

/**
 * Gives a family's operators their meanings, by name, or by name and version
 * ("Softmax-13") where a version changed it; those not listed mean `OTHER`.
 */
export function means(meanings: Readonly<Record<string, Meaning>>, family: readonly Operator[]): readonly Operator[] {
  const table = new Map(Object.entries(meanings));
  const used = new Set<string>();
  const given = family.map((operator): Operator => {
    const versioned = `${operator.op}-${operator.since}`;
    const name = table.has(versioned) ? versioned : operator.op;
    used.add(name);
    return { ...operator, meaning: table.get(name) ?? OTHER };
  });
  for (const name of table.keys()) if (!used.has(name)) throw new Error(`A meaning is given for ${name}, which the family does not have.`);
  return given;
}
