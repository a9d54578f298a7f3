import { type ByteSource, rangeProblem } from '../../bytes';

/** Ranges of a source, one behind the other. */
export class PieceSource implements ByteSource {
  readonly size: number;

  constructor(
    private readonly whole: ByteSource,
    private readonly pieces: readonly { readonly offset: number; readonly length: number }[],
  ) {
    this.size = pieces.reduce((sum, { length }) => sum + length, 0);
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const problem = rangeProblem(this.size, offset, length);
    if (problem) throw problem;
    const bytes = new Uint8Array(length);
    let start = 0;
    for (const piece of this.pieces) {
      const from = Math.max(start, offset);
      const to = Math.min(start + piece.length, offset + length);
      if (from < to) bytes.set(await this.whole.read(piece.offset + from - start, to - from), from - offset);
      start += piece.length;
    }
    return bytes;
  }
}
