import type { ByteSource } from '../../bytes';
import { ByteStream } from '../byteStream';

/** Counts, lengths and texts of a GGUF file. */
export class Stream extends ByteStream {
  /** Version 1 has 32 bits for counts and lengths. */
  wide = true;
  littleEndian = true;

  constructor(source: ByteSource) {
    super(source, 'gguf');
  }

  /** Bytes of a count or a length. */
  get countBytes(): number {
    return this.wide ? 8 : 4;
  }

  /** The next count or length, taken without waiting; past 2^53 inexact, and then larger than every file. */
  takeCount(): number {
    return this.wide ? Number(this.take(8, (at, view) => view.getBigUint64(at, this.littleEndian))) : this.takeUint32();
  }

  takeUint32(): number {
    return this.take(4, (at, view) => view.getUint32(at, this.littleEndian));
  }

  async count(what: string): Promise<number> {
    await this.need(this.countBytes, what);
    return this.takeCount();
  }

  async uint32(what: string): Promise<number> {
    await this.need(4, what);
    return this.takeUint32();
  }

  /** A text of `limit` bytes at the most; `null` for a longer one, which is gone over. */
  async text(limit: number, what: string): Promise<string | null> {
    const length = await this.count(what);
    if (length > this.left) throw this.damaged(`${what} is ${length} bytes long, and ${this.left} are there`);
    if (length > limit) {
      this.skip(length, what);
      return null;
    }
    await this.need(length, what);
    return this.takeText(length, length);
  }
}
