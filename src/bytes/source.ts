/**
 * Something bytes can be read from by range: a file on disk, a buffer, an
 * entry of an archive. Nothing above this interface knows which.
 */
export interface ByteSource {
  /** Total length in bytes. */
  readonly size: number;
  /**
   * Reads exactly `length` bytes from `offset`.
   * @throws FormatError when the range passes the end.
   */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** The same at once, for libraries that cannot wait; absent where bytes are only to be had by waiting. */
  readonly readNow?: (offset: number, length: number) => Uint8Array;
}

/** Opens files that a model names beside itself; `null` when there is no such file. */
export type SiblingOpener = (relativePath: string) => Promise<ByteSource | null>;
