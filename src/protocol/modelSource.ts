import type { ArchitectureRequest } from './architectures';

/** A model's bytes: a file the engine can read, or (other URI schemes) the bytes themselves. */
export type ModelSource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'bytes'; readonly name: string; readonly bytes: Uint8Array };

/** A model to compare: a file with sizes for its free dimensions, or a reference system that is built for it. */
export type ModelReference =
  | (ModelSource & { readonly bindings?: Readonly<Record<string, number>> })
  | ({ readonly kind: 'architecture' } & ArchitectureRequest);
