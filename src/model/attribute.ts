import type { Graph } from './graph';
import type { SparseTensor, Tensor } from './tensor';
import type { ValueType } from './value';

/**
 * An operator's attribute. Integers are exact: those past 2^53 - 1 (some
 * exporters write INT64_MAX for "to the end") come as bigint.
 */
export type Attribute =
  | { readonly kind: 'int'; readonly value: number | bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'tensor'; readonly value: Tensor }
  | { readonly kind: 'sparseTensor'; readonly value: SparseTensor }
  | { readonly kind: 'graph'; readonly value: Graph }
  | { readonly kind: 'type'; readonly value: ValueType }
  | { readonly kind: 'ints'; readonly value: readonly (number | bigint)[] }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
  | { readonly kind: 'tensors'; readonly value: readonly Tensor[] }
  | { readonly kind: 'sparseTensors'; readonly value: readonly SparseTensor[] }
  | { readonly kind: 'graphs'; readonly value: readonly Graph[] }
  | { readonly kind: 'types'; readonly value: readonly ValueType[] }
  /** Inside a function body: stands for the attribute of this name on the calling node. */
  | { readonly kind: 'reference'; readonly value: string };
