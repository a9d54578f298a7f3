import type { SparseTensor, Tensor } from './tensor';
import type { Value, ValueType } from './value';

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

/** One use of an operator, as the file has it. */
export interface Node {
  /**
   * Unique in the model and stable for one file: `n<index>` in the main graph,
   * `n4/then_branch/n0` in a subgraph, `f:<domain>:<name>:<overload>/n0` in a function.
   */
  readonly id: string;
  /** The name the file gives; may be empty, may repeat. */
  readonly name: string;
  readonly op: string;
  /** `''` is ai.onnx. */
  readonly domain: string;
  readonly overload?: string;
  /** Value names; `''` is an omitted optional input. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly doc?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Links a quantised value to its scale and zero point (`TensorAnnotation` of ONNX). */
export interface QuantizationAnnotation {
  readonly tensor: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** A model's main graph or the body of a node (`If`, `Loop`, `Scan`), as the file has it. */
export interface Graph {
  readonly name: string;
  readonly doc?: string;
  /** As declared. Up to IR version 3 initialisers are listed here too: see `graphInputs`. */
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** Types that the file declares for intermediate values. */
  readonly values: readonly Value[];
  readonly initializers: readonly Tensor[];
  readonly sparseInitializers: readonly SparseTensor[];
  /** In file order, which a valid file keeps topological. */
  readonly nodes: readonly Node[];
  readonly quantization: readonly QuantizationAnnotation[];
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The inputs a caller must feed: declared inputs that no initialiser provides. */
export function graphInputs(graph: Graph): readonly Value[] {
  const given = new Set(graph.initializers.map((tensor) => tensor.name));
  for (const tensor of graph.sparseInitializers) given.add(tensor.name);
  return graph.inputs.filter((value) => !given.has(value.name));
}
