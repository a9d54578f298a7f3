import { type ByteSource, FormatError } from '../bytes';

/** Bytes fetched at once: few where something was gone over, and more the longer nothing is. */
const FIRST = 4096;
const MOST = 1024 * 1024;

/** Walks through a file's numbers and texts from its start on: what is at hand is taken at once, the rest is waited for. */
export class ByteStream {
  private bytes: Uint8Array = new Uint8Array(0);
  private view: DataView = new DataView(new ArrayBuffer(0));
  /** Where the window begins in the file, and the next byte in the window. */
  private start = 0;
  private at = 0;
  private window = FIRST;
  private readonly decoder = new TextDecoder();

  constructor(
    private readonly source: ByteSource,
    /** Named where the file is damaged. */
    private readonly format: string,
  ) {}

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
    this.bytes = await this.source.read(this.start, Math.min(this.left, Math.max(count, this.window)));
    this.window = Math.min(MOST, 2 * this.window);
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
    if (count > FIRST) this.window = FIRST;
    this.bytes = new Uint8Array(0);
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

  /** A fault of the file, for good; `what` follows "The file is damaged: ". */
  damaged(what: string): FormatError {
    return new FormatError(`The file is damaged: ${what} (byte ${this.position}).`, { format: this.format, offset: this.position });
  }
}
