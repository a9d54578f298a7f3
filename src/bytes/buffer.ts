import { FormatError } from './errors';
import type { ByteSource } from './source';

/** Bytes already in memory. Reads return views, not copies. */
export class BufferSource implements ByteSource {
  readonly size: number;

  constructor(private readonly bytes: Uint8Array) {
    this.size = bytes.byteLength;
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    const problem = rangeProblem(this.size, offset, length);
    if (problem) return Promise.reject(problem);
    return Promise.resolve(this.bytes.subarray(offset, offset + length));
  }

  readNow(offset: number, length: number): Uint8Array {
    const problem = rangeProblem(this.size, offset, length);
    if (problem) throw problem;
    return this.bytes.subarray(offset, offset + length);
  }

  /** Nothing to give back; here so that a buffer can stand where a file does. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** The error a read of `length` bytes at `offset` of a source of `size` bytes deserves, or `null` when the range is inside. */
export function rangeProblem(size: number, offset: number, length: number): FormatError | null {
  const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0;
  if (whole && offset + length <= size) return null;
  return new FormatError(`The file ends at byte ${size}, but bytes ${offset} to ${offset + length} are needed; it is truncated.`, {
    offset,
  });
}
