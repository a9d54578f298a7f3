import { Inflate } from 'fflate';
import { type ByteSource, LIMITS, rangeProblem } from '../../bytes';
import { damaged } from './faults';

/** Bytes unpacked at a time: at the highest ratio that deflate has they become 16 MB. */
const STEP = 16 * 1024;

/**
 * What deflated bytes unpack to. Short ones are unpacked once and kept; of long ones the stream goes forward, and
 * begins again where something before its place is read.
 */
export class InflatedSource implements ByteSource {
  private stream: Stream | null = null;
  private busy: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly packed: ByteSource,
    readonly size: number,
  ) {}

  read(offset: number, length: number): Promise<Uint8Array> {
    const problem = rangeProblem(this.size, offset, length);
    if (problem) return Promise.reject(problem);
    const result = this.busy.then(() => this.next(offset, length));
    this.busy = result.catch(() => {});
    return result;
  }

  private async next(offset: number, length: number): Promise<Uint8Array> {
    if (!this.stream || offset < this.stream.start) this.stream = new Stream(this.packed, this.size);
    const keep = this.size <= LIMITS.gatheredBytes ? 0 : offset;
    return this.stream.read(offset, length, keep);
  }
}

class Stream {
  /** Where in what is unpacked the kept pieces begin. */
  start = 0;
  private end = 0;
  private taken = 0;
  private readonly pieces: Uint8Array[] = [];
  private readonly inflate = new Inflate((piece) => {
    if (piece.length > 0) this.pieces.push(piece);
    this.end += piece.length;
  });

  constructor(
    private readonly packed: ByteSource,
    private readonly size: number,
  ) {}

  async read(offset: number, length: number, keep: number): Promise<Uint8Array> {
    const result = new Uint8Array(length);
    while (this.end < offset + length) {
      await this.step();
      this.dropBefore(keep);
    }
    let at = this.start;
    for (const piece of this.pieces) {
      const from = Math.max(at, offset);
      const to = Math.min(at + piece.length, offset + length);
      if (from < to) result.set(piece.subarray(from - at, to - at), from - offset);
      at += piece.length;
    }
    return result;
  }

  private async step(): Promise<void> {
    const length = Math.min(STEP, this.packed.size - this.taken);
    if (length === 0) throw damaged(`deflated bytes end after ${this.end} of ${this.size}`);
    const bytes = await this.packed.read(this.taken, length);
    this.taken += length;
    try {
      this.inflate.push(bytes, this.taken === this.packed.size);
    } catch (error) {
      throw damaged(`deflated bytes cannot be unpacked (${error instanceof Error ? error.message : String(error)})`);
    }
    if (this.end > this.size) throw damaged(`deflated bytes unpack to more than the ${this.size} that the archive says`);
  }

  private dropBefore(keep: number): void {
    while (this.pieces[0] && this.start + this.pieces[0].length <= keep) this.start += this.pieces.shift()?.length ?? 0;
  }
}
