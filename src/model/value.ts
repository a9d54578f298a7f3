import type { Shape } from './dims';
import type { DType } from './dtype';

/** The type of a value that flows along an edge (ONNX IR, "Static tensor shapes and types"). */
export type ValueType =
  | { readonly kind: 'tensor'; readonly dtype: DType; readonly shape: Shape | null }
  | { readonly kind: 'sparse'; readonly dtype: DType; readonly shape: Shape | null }
  | { readonly kind: 'sequence'; readonly element: ValueType }
  | { readonly kind: 'optional'; readonly element: ValueType }
  | { readonly kind: 'map'; readonly key: DType; readonly element: ValueType }
  | { readonly kind: 'unknown' };

/** A named value: a graph's input or output, or an intermediate one the file declares. */
export interface Value {
  readonly name: string;
  readonly type: ValueType;
  readonly doc?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}
