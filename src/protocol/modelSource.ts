import type { ArchitectureRequest } from './architectures';

/** A model's bytes: a file the engine can read, or (other URI schemes) the bytes themselves. */
export type ModelSource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'bytes'; readonly name: string; readonly bytes: Uint8Array };

/** The sizes that a model is looked at with; what is not given is chosen and marked as assumed. */
export interface ModelSizes {
  /** Numbers for free dimensions, by name. */
  readonly bindings?: Readonly<Record<string, number>> | undefined;
  /** Whole shapes of inputs, by name. */
  readonly shapes?: Readonly<Record<string, readonly number[]>> | undefined;
  /** Values of inputs, by name: a number for every element, or one for all. */
  readonly values?: Readonly<Record<string, readonly number[]>> | undefined;
}

/** A model's bytes at these sizes. */
export type ModelFile = ModelSource & ModelSizes;

/** A model wherever it comes from: bytes with their sizes, or a reference system that is built for it. */
export type ModelReference = ModelFile | ({ readonly kind: 'architecture' } & ArchitectureRequest);

/** A model that was opened, at the sizes it was opened with. */
export interface OpenReference {
  readonly kind: 'open';
  readonly handle: string;
}
