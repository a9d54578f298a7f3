import type { Attribute, Dim, DType, Graph, Node, Shape } from '../model';
import type { Meaning } from './meaning';

/**
 * Known elements of a small tensor, row-major: a number, the name of a free
 * dimension (what Shape yields for one), or `null` for an element nobody knows.
 * Booleans are 0 and 1; integers past 2^53 - 1 are clamped there, which is
 * how the operators that take them (Slice to INT64_MAX) read them anyway.
 */
export type KnownData = readonly Dim[];

/** Tensors with more elements than this never carry their data through inference. */
export const MAX_KNOWN_ELEMENTS = 4096;

/** What is known of a tensor at the chosen sizes. */
export interface TensorFact {
  readonly kind: 'tensor';
  readonly dtype: DType;
  /** `null` when not even the rank is known. */
  readonly shape: Shape | null;
  readonly data?: KnownData;
}

/** What is known of a sequence of values. */
export interface SequenceFact {
  readonly kind: 'sequence';
  readonly element: Fact;
  /** Facts of each element while the sequence's length is known. */
  readonly elements?: readonly Fact[];
}

/** What inference knows of one value. */
export type Fact =
  | TensorFact
  | { readonly kind: 'sparse'; readonly dtype: DType; readonly shape: Shape | null }
  | SequenceFact
  | { readonly kind: 'optional'; readonly element: Fact; readonly present?: boolean }
  | { readonly kind: 'map'; readonly key: DType; readonly element: Fact }
  | { readonly kind: 'unknown' };

/** Nothing is known: never the same as empty or 0. */
export const UNKNOWN: Fact = { kind: 'unknown' };

/** Typed reading of a node's attributes, with the operator's defaults at the call. */
export interface Attributes {
  has(name: string): boolean;
  /** Integers past 2^53 - 1 are clamped. */
  int(name: string): number | undefined;
  int(name: string, fallback: number): number;
  float(name: string): number | undefined;
  float(name: string, fallback: number): number;
  string(name: string): string | undefined;
  string(name: string, fallback: string): string;
  ints(name: string): readonly number[] | undefined;
  floats(name: string): readonly number[] | undefined;
  strings(name: string): readonly string[] | undefined;
  get(name: string): Attribute | undefined;
}

/** What a shape rule is given: the node, and what is known of its inputs. */
export interface ShapeContext {
  readonly node: Node;
  /** Version of the node's operator set in this model. */
  readonly opset: number;
  /** One per input; `null` for an omitted optional one. */
  readonly inputs: readonly (Fact | null)[];
  readonly attributes: Attributes;
  /** The input as a tensor fact, or `null` if omitted, of another kind, or not known. */
  tensor(index: number): TensorFact | null;
  /**
   * Infers a subgraph (If, Loop, Scan, SequenceMap bodies), outer values visible.
   * `inputs` are facts for the body's inputs in order; returns facts of its outputs.
   */
  infer(graph: Graph, inputs: readonly Fact[]): readonly Fact[];
  /** Reports a contradiction (wrong rank, extents that do not fit); inference goes on. */
  report(code: string, message: string): void;
}

/** Returns one fact per output, in order; missing trailing ones count as unknown. Must not throw on bad shapes: report, return unknown. */
export type ShapeRule = (context: ShapeContext) => readonly Fact[];

/** What a cost rule is given: the node, and what is known of its inputs and outputs. */
export interface CostContext {
  readonly node: Node;
  readonly opset: number;
  readonly inputs: readonly (Fact | null)[];
  readonly outputs: readonly Fact[];
  readonly attributes: Attributes;
  tensor(index: number): TensorFact | null;
  output(index: number): TensorFact | null;
}

/** Exact work of one node run once. */
export interface Cost {
  /** Multiply-adds of convolution, matrix product, attention and recurrence; 0 for everything else. */
  readonly macs: bigint;
  /** 2 x macs plus elementwise, normalisation, pooling, softmax and reduction work (docs: README "What is counted"). */
  readonly flops: bigint;
  /** How the figure comes about with this node's numbers in it, e.g. `56*56*64 outputs * 3*3*64/1 taps`. */
  readonly formula: string;
}

/** `null`: a needed extent is not known, so the node is reported as not counted (never as 0). */
export type CostRule = (context: CostContext) => Cost | null;

/** What an operator keeps in its attributes instead of initialisers: numbers of elements, and bytes as the file stores them. */
export interface Held {
  readonly parameters: number;
  readonly buffers: number;
  readonly bytes: number;
}

/** Why the work of an operator is never counted, whatever its shapes are. */
export interface Uncounted {
  readonly reason: string;
  /** Whether multiply-adds may be among it. */
  readonly multiplies: boolean;
}

/** An operator from the operator set version `since` on. */
export interface Operator {
  /** `''` is ai.onnx. */
  readonly domain: string;
  readonly op: string;
  readonly since: number;
  readonly shape: ShapeRule;
  readonly cost: CostRule;
  readonly meaning: Meaning;
  /** For an operator whose cost rule has no answer to any shapes. */
  readonly uncounted?: Uncounted;
  /** For an operator that keeps weights in attributes. */
  readonly holds?: (attributes: Attributes) => Held;
  /** Attributes whose bodies run exactly once whenever the operator runs; how often others run is for `tripCount` to say, or unknown. */
  readonly runsOnce?: readonly string[];
}
