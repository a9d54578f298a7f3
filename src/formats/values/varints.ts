import type { ByteSource } from '../../bytes';

const READ = 256 * 1024;

/** Reads a packed field of varints from a range of a source, piece by piece. */
export class VarintStream {
  private bytes: Uint8Array = new Uint8Array(0);
  private at = 0;
  private readonly end: number;

  constructor(
    private readonly source: ByteSource,
    /** Where the next read begins. */
    private offset: number,
    length: number,
  ) {
    this.end = offset + length;
  }

  get finished(): boolean {
    return this.at === this.bytes.length && this.offset === this.end;
  }

  /** The next `count` numbers of 64 bits, low and high half in turn; `null` when there are not as many. */
  async take(count: number): Promise<Uint32Array | null> {
    const numbers = new Uint32Array(2 * count);
    for (let index = 0; index < count; index += 1) {
      if (this.bytes.length - this.at < 10 && this.offset < this.end) await this.refill();
      if (!this.next(numbers, 2 * index)) return null;
    }
    return numbers;
  }

  private next(numbers: Uint32Array, target: number): boolean {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.bytes[this.at];
      if (byte === undefined) return false;
      this.at += 1;
      const part = byte & 127;
      if (shift < 28) low |= part << shift;
      else if (shift === 28) {
        low |= part << 28;
        high |= part >> 4;
      } else high |= part << (shift - 32);
      if (byte < 128) {
        numbers[target] = low >>> 0;
        numbers[target + 1] = high >>> 0;
        return true;
      }
    }
    return false;
  }

  private async refill(): Promise<void> {
    const rest = this.bytes.subarray(this.at);
    const length = Math.min(READ, this.end - this.offset);
    const read = await this.source.read(this.offset, length);
    const joined = new Uint8Array(rest.length + length);
    joined.set(rest);
    joined.set(read, rest.length);
    this.bytes = joined;
    this.at = 0;
    this.offset += length;
  }
}
