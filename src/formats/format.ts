import type { ByteSource, SiblingOpener } from '../bytes';
import type { Artifact } from '../model';
import type { ZipArchive } from './zip';

/** What a format needs besides the bytes. */
export interface OpenOptions {
  /** The file's name, with its extension, for messages and where bytes alone do not tell the format. */
  readonly name: string;
  /** Opens files the model names beside itself. Without it tensors in such files have no values. */
  readonly openSibling?: SiblingOpener;
  readonly signal?: AbortSignal;
  /** The file's entries, where it is a zip archive. */
  readonly archive?: ZipArchive;
  /** Opens another file, of whatever format it is: a shard, an entry of an archive. */
  readonly openOther?: (source: ByteSource, options: OpenOptions) => Promise<Artifact>;
}

/** A format of models or checkpoints: one folder that exports one of these. */
export interface Format {
  /** `Artifact.format` */
  readonly id: string;
  /** With the dot, in lower case. */
  readonly extensions: readonly string[];
  /** Whether the first bytes (up to `HEAD_BYTES`) say that the file is of this format, whatever its name. */
  readonly matches: (head: Uint8Array, name: string) => boolean;
  /** The same of a zip archive by its entries, where the format is one. */
  readonly matchesArchive?: (archive: ZipArchive) => boolean;
  readonly open: (source: ByteSource, options: OpenOptions) => Promise<Artifact>;
}
