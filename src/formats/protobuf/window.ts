import type { ByteSource } from '../../bytes';

/** After a jump little is read, since mostly a field's header follows; the more is read in sequence, the larger the next piece. */
const FIRST = 64 * 1024;
const AFTER_JUMP = 4 * 1024;
const LARGEST = 256 * 1024;

/** A moving view of a source, for scans that mostly go forward and sometimes far. */
export class ByteWindow {
  bytes: Uint8Array = new Uint8Array(0);
  /** Range of the source that `bytes` hold. */
  start = 0;
  end = 0;
  private next = FIRST;

  constructor(readonly source: ByteSource) {}

  holds(from: number, to: number): boolean {
    return from >= this.start && to <= this.end;
  }

  /** Moves the view so that it begins at `from` and holds at least up to `to`, or up to the end of the source. */
  async load(from: number, to: number): Promise<void> {
    const sequential = from >= this.start && from <= this.end;
    if (!sequential) this.next = AFTER_JUMP;
    const length = Math.min(Math.max(this.next, to - from), this.source.size - from);
    this.bytes = await this.source.read(from, length);
    this.start = from;
    this.end = from + length;
    this.next = Math.min(this.next * 2, LARGEST);
  }
}
