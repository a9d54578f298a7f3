/** Longer texts (docs, mostly) seldom come twice. */
const LONGEST = 128;
const FIRST_SLOTS = 1024;

/**
 * Decodes UTF-8 texts of one array of bytes, each distinct short one once: a model names every value where it is made
 * and where it is read, and equal strings that are one object are compared and looked up at once.
 */
export class TextPool {
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  /** An open hash table: where in `bytes` a text was first met, and the text; an empty slot starts at -1. */
  private starts = new Int32Array(FIRST_SLOTS).fill(-1);
  private hashes = new Int32Array(FIRST_SLOTS);
  private texts: string[] = [];
  private lengths = new Uint8Array(FIRST_SLOTS);
  private count = 0;

  constructor(private readonly bytes: Uint8Array) {}

  read(start: number, end: number): string {
    const length = end - start;
    if (length === 0) return '';
    if (length > LONGEST) return this.decoder.decode(this.bytes.subarray(start, end));
    const hash = this.hash(start, end);
    const slot = this.find(hash, start, length);
    const known = this.texts[slot];
    if (known !== undefined && this.starts[slot] !== -1) return known;
    const text = this.decoder.decode(this.bytes.subarray(start, end));
    this.keep(slot, hash, start, length, text);
    return text;
  }

  /** FNV-1a. */
  private hash(start: number, end: number): number {
    const { bytes } = this;
    let hash = 0x811c9dc5;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
    return hash ^ (hash >>> 15);
  }

  /** The slot that holds these bytes, or the empty one where they go. */
  private find(hash: number, start: number, length: number): number {
    const mask = this.starts.length - 1;
    let slot = hash & mask;
    for (;;) {
      const first = this.starts[slot] ?? -1;
      if (first < 0) return slot;
      if (this.hashes[slot] === hash && this.lengths[slot] === length && this.equal(first, start, length)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  private equal(left: number, right: number, length: number): boolean {
    const { bytes } = this;
    for (let at = 0; at < length; at++) if (bytes[left + at] !== bytes[right + at]) return false;
    return true;
  }

  private keep(slot: number, hash: number, start: number, length: number, text: string): void {
    this.put(slot, hash, start, length, text);
    this.count++;
    if (this.count * 2 > this.starts.length) this.grow();
  }

  private put(slot: number, hash: number, start: number, length: number, text: string): void {
    this.starts[slot] = start;
    this.hashes[slot] = hash;
    this.lengths[slot] = length;
    this.texts[slot] = text;
  }

  private grow(): void {
    const { starts, hashes, lengths, texts } = this;
    const size = starts.length * 4;
    this.starts = new Int32Array(size).fill(-1);
    this.hashes = new Int32Array(size);
    this.lengths = new Uint8Array(size);
    this.texts = new Array<string>(size);
    for (let old = 0; old < starts.length; old++) {
      const start = starts[old] ?? -1;
      if (start < 0) continue;
      const hash = hashes[old] ?? 0;
      let slot = hash & (size - 1);
      while ((this.starts[slot] ?? -1) >= 0) slot = (slot + 1) & (size - 1);
      this.put(slot, hash, start, lengths[old] ?? 0, texts[old] ?? '');
    }
  }
}
