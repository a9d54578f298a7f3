/** Some elements in a row, packed little-endian. */
export interface PackedChunk {
  readonly bytes: Uint8Array;
  readonly elements: number;
}

/** How elements are read: so many at once, until `signal` says that nobody waits for them. */
export interface Chunking {
  /** Elements of one chunk, a multiple of 8. */
  readonly chunk: number;
  readonly signal: AbortSignal | undefined;
}
