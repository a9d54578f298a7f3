import { type ByteSource, FormatError } from '../../bytes';

/** Bytes fetched at once: tokens and tensors' names follow each other by the hundred thousand. */
const WINDOW = 1024 * 1024;

/** Walks through a file's numbers and texts from its start on. */
export class Stream {
  /** Version 1 has 32 bits for counts and lengths. */
  wide = true;
  littleEndian = true;
  private bytes: Uint8Array = new Uint8Array(0);
  private view: DataView = new DataView(new ArrayBuffer(0));
  /** Where the window begins in the file, and the next byte in the window. */
  private start = 0;
  private at = 0;
  private readonly decoder = new TextDecoder();

  constructor(private readonly source: ByteSource) {}

  /** Where in the file the next byte is. */
  get position(): number {
    return this.start + this.at;
  }

  /** Bytes from here to the file's end. */
  get left(): number {
    return this.source.size - this.position;
  }

  /** Whether that many bytes can be taken without waiting. */
  holds(count: number): boolean {
    return this.at + count <= this.bytes.length;
  }

  /** Sees to it that so many bytes can be taken without waiting. `what` is named where the file ends before. */
  async need(count: number, what: string): Promise<void> {
    if (this.holds(count)) return;
    if (count > this.left) throw this.damaged(`it ends in ${what}: ${count} bytes are needed, and ${this.left} are there`);
    this.start = this.position;
    this.at = 0;
    this.bytes = await this.source.read(this.start, Math.min(this.left, Math.max(count, WINDOW)));
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
  }

  /** Goes on by so many bytes without a look at them. @throws FormatError where the file ends before. */
  skip(count: number, what: string): void {
    if (count > this.left) throw this.damaged(`it ends in ${what}: ${count} bytes are needed, and ${this.left} are there`);
    if (this.holds(count)) {
      this.at += count;
      return;
    }
    this.start = this.position + count;
    this.at = 0;
    this.bytes = new Uint8Array(0);
  }

  /** Bytes of a count or a length. */
  get countBytes(): number {
    return this.wide ? 8 : 4;
  }

  /** The next count or length, taken without waiting; past 2^53 inexact, and then larger than every file. */
  takeCount(): number {
    return this.wide ? Number(this.take(8, (at) => this.view.getBigUint64(at, this.littleEndian))) : this.takeUint32();
  }

  takeUint32(): number {
    return this.take(4, (at) => this.view.getUint32(at, this.littleEndian));
  }

  /** The next number as `read` takes it from `bytes` bytes, without waiting. */
  take<T>(bytes: number, read: (at: number, view: DataView) => T): T {
    const value = read(this.at, this.view);
    this.at += bytes;
    return value;
  }

  /** The next text, without waiting; `shown` of its `length` bytes at the most. */
  takeText(length: number, shown: number): string {
    const text = this.decoder.decode(this.bytes.subarray(this.at, this.at + Math.min(shown, length)));
    this.at += length;
    return text;
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

  /** A fault of the file, for good; `what` follows "The file is damaged: ". */
  damaged(what: string): FormatError {
    return new FormatError(`The file is damaged: ${what} (byte ${this.position}).`, { format: 'gguf', offset: this.position });
  }
}
