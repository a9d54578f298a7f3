import { LIMITS, LimitError } from '../../bytes';
import { LEFT_FIELD, type Located } from './located';
import { WireType } from './schema';
import { writeVarint } from './wire';

/** A protobuf message without its large fields: in their place stands a private field, the index into `located`. */
export interface Skeleton {
  readonly bytes: Uint8Array;
  readonly located: readonly Located[];
}

interface OpenMessage {
  /** The field number it stands under. */
  readonly number: number;
  /** Where in `parts` its tag and length go once its size is known. */
  readonly header: number;
  size: number;
}

/** Puts a message together from pieces, with the lengths of its inner messages written when they end. */
export class SkeletonWriter {
  private readonly parts: Uint8Array[] = [];
  private readonly located: Located[] = [];
  private readonly open: OpenMessage[] = [];
  private top: OpenMessage = { number: 0, header: -1, size: 0 };
  private total = 0;

  /** @throws LimitError when more is kept than we hold in memory. */
  write(part: Uint8Array): void {
    this.parts.push(part);
    this.top.size += part.length;
    this.total += part.length;
    if (this.total > LIMITS.skeletonBytes) {
      throw new LimitError(`The model has more than ${LIMITS.skeletonBytes} bytes without its weights; that is more than can be shown.`, {
        name: 'skeletonBytes',
        value: LIMITS.skeletonBytes,
      });
    }
  }

  enter(number: number): void {
    this.open.push(this.top);
    this.top = { number, header: this.parts.length, size: 0 };
    this.parts.push(new Uint8Array(0));
  }

  leave(): void {
    const { number, header, size } = this.top;
    const prefix = Uint8Array.from([...writeVarint(number * 8 + WireType.LengthDelimited), ...writeVarint(size)]);
    this.parts[header] = prefix;
    this.top = this.open.pop() ?? this.top;
    this.top.size += size + prefix.length;
  }

  /** Writes the private field in place of one that stays in the file. */
  leaveOut(entry: Located): void {
    this.located.push(entry);
    this.write(Uint8Array.from([...writeVarint(LEFT_FIELD * 8 + WireType.Varint), ...writeVarint(this.located.length - 1)]));
  }

  /** Leaves out fields of one number, tags included, as one range as long as they follow each other. */
  leaveOutRun(entry: Located): void {
    const last = this.located.at(-1);
    if (last?.field === entry.field && last.offset + last.length === entry.offset) {
      this.located[this.located.length - 1] = { ...last, length: last.length + entry.length };
    } else {
      this.leaveOut(entry);
    }
  }

  result(): Skeleton {
    const bytes = new Uint8Array(this.top.size);
    let offset = 0;
    for (const part of this.parts) {
      bytes.set(part, offset);
      offset += part.length;
    }
    return { bytes, located: this.located };
  }
}
