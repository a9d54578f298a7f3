import type { Tensor } from '../../model';
import type { PyValue } from '../pickle';

/** A tensor of a pickle, not yet named. */
export interface Found {
  readonly tensor: Omit<Tensor, 'name'>;
  /** The storage it views, and which of its bytes, to see which tensors share them. */
  readonly shares: { readonly key: string; readonly from: number; readonly to: number } | null;
  /** Something to tell, such as what makes its values other than they are stored. */
  readonly note?: string;
}

/** Several tensors that are one in PyTorch, such as indices and values of a sparse one. */
export interface FoundParts {
  readonly parts: readonly (readonly [string, PyValue])[];
  readonly what: string;
}
