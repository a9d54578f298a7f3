import { bitsOf } from '../../model';
import type { Attributes, Held, Operator } from '../rule';

/** Bytes of a float of an attribute's list. */
const FLOAT = 4;

interface Stored {
  readonly elements: number;
  readonly bytes: number;
}

const NONE: Stored = { elements: 0, bytes: 0 };

function stored(attributes: Attributes, name: string): Stored {
  const attribute = attributes.get(name);
  if (attribute?.kind === 'floats') return { elements: attribute.value.length, bytes: FLOAT * attribute.value.length };
  if (attribute?.kind !== 'tensor') return NONE;
  const elements = attribute.value.shape.reduce((product, extent) => product * extent, 1);
  return { elements, bytes: Math.ceil((elements * bitsOf(attribute.value.dtype)) / 8) };
}

/** An operator whose attributes of these names are what it was trained to. */
function trained(...names: readonly string[]): Pick<Operator, 'holds'> {
  return {
    holds: (attributes): Held => {
      const all = names.map((name) => stored(attributes, name));
      return {
        parameters: all.reduce((sum, { elements }) => sum + elements, 0),
        buffers: 0,
        bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
      };
    },
  };
}

/** Statistics of the data that it was fitted to, kept beside the weights as BatchNorm's are. */
function fitted(...names: readonly string[]): Pick<Operator, 'holds'> {
  const { holds } = trained(...names);
  return {
    holds: (attributes): Held => {
      const { parameters = 0, bytes = 0 } = holds?.(attributes) ?? {};
      return { parameters: 0, buffers: parameters, bytes };
    },
  };
}

/** Thresholds of the nodes that branch (those of leaves are placeholders) and what the leaves answer. */
function trees(leaves: string): Pick<Operator, 'holds'> {
  return {
    holds: (attributes): Held => {
      const thresholds = [stored(attributes, 'nodes_values'), stored(attributes, 'nodes_values_as_tensor')];
      const weights = [leaves, `${leaves}_as_tensor`, 'base_values', 'base_values_as_tensor'].map((name) => stored(attributes, name));
      const modes = attributes.strings('nodes_modes') ?? [];
      const elements = (list: readonly Stored[]) => list.reduce((sum, one) => sum + one.elements, 0);
      const branches = elements(thresholds) - modes.filter((mode) => mode === 'LEAF').length;
      return {
        parameters: Math.max(0, branches) + elements(weights),
        buffers: 0,
        bytes: [...thresholds, ...weights].reduce((sum, { bytes }) => sum + bytes, 0),
      };
    },
  };
}

/** What operators of ai.onnx.ml keep in attributes, by name: the weights of scikit-learn's models, which have no initialisers. */
export const HOLDS: Readonly<Record<string, Pick<Operator, 'holds'>>> = {
  Imputer: fitted('imputed_value_floats'),
  LinearClassifier: trained('coefficients', 'intercepts'),
  LinearRegressor: trained('coefficients', 'intercepts'),
  Scaler: fitted('offset', 'scale'),
  SVMClassifier: trained('coefficients', 'support_vectors', 'rho', 'prob_a', 'prob_b'),
  SVMRegressor: trained('coefficients', 'support_vectors', 'rho'),
  TreeEnsemble: trained('nodes_splits', 'leaf_weights'),
  TreeEnsembleClassifier: trees('class_weights'),
  TreeEnsembleRegressor: trees('target_weights'),
};
