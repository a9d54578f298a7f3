import type { Message } from '@bufbuild/protobuf';
import { WireType } from '@bufbuild/protobuf/wire';
import { type ByteSource, LIMITS, LimitError } from '../../bytes';
import { checkMessage, checkPacked, LEFT_FIELD, type Tag, tagOf } from './check';
import { damaged, type Path, tooDeep, truncated } from './faults';
import { type MessagePlan, UNKNOWN } from './plan';
import { ByteWindow } from './window';
import { readVarint, type VarintCursor, writeVarint } from './wire';

/** Messages of this many bytes and more are entered; shorter ones hold nothing worth leaving in the file. */
const ENTER = 1024;
/** Most bytes of a tag and a length. */
const HEADER = 20;

/** A field left in the file: its number and where its content is. */
export interface Located {
  readonly field: number;
  readonly offset: number;
  readonly length: number;
}

/** A protobuf message without its large fields: in their place stands a private field, the index into `located`. */
export interface Skeleton {
  readonly bytes: Uint8Array;
  readonly located: readonly Located[];
}

interface Frame {
  readonly plan: MessagePlan;
  readonly path: Path | null;
  readonly start: number;
  readonly end: number;
  /** The field number when this is an unknown group, which is skipped; else 0. */
  readonly group: number;
  /** Where in `parts` the tag and length go once the size is known, and the tag's number. */
  readonly header: number;
  readonly number: number;
  size: number;
  /** Fields of this message that were left in the file: later pieces of them are left too, which keeps their order. */
  readonly left: Set<number>;
}

/**
 * Walks a message's wire format and copies everything but the large fields that the plan allows to leave. Reads about
 * as much of the source as it copies.
 * @throws FormatError naming byte and field when the file is truncated or damaged, LimitError.
 */
export async function scanSkeleton(source: ByteSource, plan: MessagePlan, signal?: AbortSignal): Promise<Skeleton> {
  const scan = new SkeletonScan(source, plan);
  await scan.run(signal);
  return scan.result();
}

/** Forgets what was left in the file of this decoded message, once it has been read. */
export function dropLocated(message: Message): void {
  if (message.$unknown) message.$unknown = message.$unknown.filter((unknown) => unknown.no !== LEFT_FIELD);
}

/** What was left in the file of this decoded message, in file order. */
export function locatedIn(message: Message, located: readonly Located[]): readonly Located[] {
  const found: Located[] = [];
  const cursor: VarintCursor = { value: 0, next: 0 };
  for (const unknown of message.$unknown ?? []) {
    if (unknown.no !== LEFT_FIELD || !readVarint(unknown.data, 0, unknown.data.length, cursor)) continue;
    const entry = located[cursor.value];
    if (entry) found.push(entry);
  }
  return found;
}

class SkeletonScan {
  private readonly window: ByteWindow;
  private readonly located: Located[] = [];
  private readonly parts: Uint8Array[] = [];
  private readonly frames: Frame[] = [];
  private readonly cursor: VarintCursor = { value: 0, next: 0 };
  private top: Frame;
  private total = 0;
  private at = 0;
  /** Start of the bytes before `at` that are to be copied and are not yet, or -1. All of them lie in the window. */
  private pending = -1;

  constructor(
    private readonly source: ByteSource,
    plan: MessagePlan,
  ) {
    this.window = new ByteWindow(source);
    this.top = { plan, path: null, start: 0, end: source.size, group: 0, header: -1, number: 0, size: 0, left: new Set() };
    this.frames.push(this.top);
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

  async run(signal?: AbortSignal): Promise<void> {
    for (;;) {
      while (this.at === this.top.end && this.frames.length > 1) this.leaveFrame();
      if (this.at >= this.top.end) break;
      if (this.at >= this.source.size) throw truncated(this.source.size, this.top.path, undefined, this.top.end);
      const headerEnd = Math.min(this.at + HEADER, this.source.size);
      if (!this.window.holds(this.at, headerEnd)) {
        signal?.throwIfAborted();
        await this.show(this.at, headerEnd);
      }
      await this.step();
    }
    this.flush(this.at);
  }

  /** Takes the field at `at`. */
  private async step(): Promise<void> {
    const start = this.at;
    const tag = this.readTag();
    if (tag.wire === WireType.LengthDelimited) return this.takeDelimited(start, tag);
    if (tag.wire === WireType.StartGroup) {
      this.flush(start);
      this.at = this.cursor.next;
      this.enterFrame(UNKNOWN, this.top.end, tag.number, true);
    } else if (tag.wire === WireType.EndGroup) {
      if (this.top.group !== tag.number) throw damaged(start, this.top.path, undefined, 'a group ends that never began');
      this.at = this.cursor.next;
      this.frames.pop();
      this.top = this.frames.at(-1) ?? this.top;
    } else {
      this.takeNumber(start, tag);
    }
  }

  private readTag(): Tag {
    const { top, window, cursor } = this;
    const limit = Math.min(window.end, top.end) - window.start;
    if (!readVarint(window.bytes, this.at - window.start, limit, cursor)) throw this.headerFault('a tag has no end');
    cursor.next += window.start;
    return tagOf(cursor.value, this.at, top.plan, top.path);
  }

  private takeNumber(start: number, tag: Tag): void {
    const { top, window, cursor } = this;
    let end = cursor.next + (tag.wire === WireType.Bit64 ? 8 : 4);
    if (tag.wire === WireType.Varint) {
      const limit = Math.min(window.end, top.end) - window.start;
      if (!readVarint(window.bytes, cursor.next - window.start, limit, cursor)) throw this.headerFault('a number has no end', tag);
      end = cursor.next + window.start;
    }
    if (end > this.source.size) throw truncated(this.source.size, top.path, tag.field?.name, end);
    if (end > top.end) throw damaged(start, top.path, tag.field?.name, 'a number passes the end of the message around it');
    this.at = end;
    if (tag.field === undefined) this.drop(start);
    else if (this.pending < 0) this.pending = start;
  }

  private async takeDelimited(start: number, tag: Tag): Promise<void> {
    const { top, window, cursor, source } = this;
    const limit = Math.min(window.end, top.end) - window.start;
    if (!readVarint(window.bytes, cursor.next - window.start, limit, cursor)) throw this.headerFault('a length has no end', tag);
    const length = cursor.value;
    const content = cursor.next + window.start;
    const end = content + length;
    const { field } = tag;
    if (end > top.end && top.end <= source.size && this.frames.length > 1) {
      throw damaged(start, top.path, field?.name, `its length of ${length} bytes passes the end of the message around it`);
    }
    if (field?.message && (length >= ENTER || end > source.size)) {
      this.enterMessage(start, content, end, field.message, tag);
      return;
    }
    if (end > source.size) throw truncated(source.size, top.path, field?.name, end);
    if (field === undefined) {
      this.at = end;
      this.drop(start);
    } else if (field.leaveRun ? this.runIsLong() : length >= field.leave || top.left.has(tag.number)) {
      this.leave(start, content, end, tag);
    } else if (field.message) {
      await this.takeSmallMessage(start, content, end, field.message, tag);
    } else {
      await this.copyTo(start, end);
      if (field.packed !== 0) checkPacked(field, content, length, this.window.bytes[end - 1 - this.window.start], top.path);
    }
  }

  /** Strings of one tensor stay in the file when the message that holds them is too large to keep. */
  private runIsLong(): boolean {
    return this.top.end - this.top.start > LIMITS.stringBytes;
  }

  private enterMessage(start: number, content: number, end: number, plan: MessagePlan, tag: Tag): void {
    this.flush(start);
    this.at = content;
    this.enterFrame(plan, end, tag.number, false, tag.field?.name);
  }

  private enterFrame(plan: MessagePlan, end: number, number: number, group: boolean, name = ''): void {
    if (this.frames.length > LIMITS.messageDepth) throw tooDeep(this.at, this.top.path);
    const path: Path = { name, above: this.top.path };
    this.top = { plan, path, start: this.at, end, group: group ? number : 0, header: this.parts.length, number, size: 0, left: new Set() };
    if (!group) this.parts.push(new Uint8Array(0));
    this.frames.push(this.top);
  }

  private leaveFrame(): void {
    const frame = this.top;
    if (frame.group !== 0) throw damaged(this.at, frame.path, undefined, 'a group has no end');
    this.flush(this.at);
    this.frames.pop();
    this.top = this.frames.at(-1) ?? frame;
    const header = Uint8Array.from([...writeVarint(frame.number * 8 + WireType.LengthDelimited), ...writeVarint(frame.size)]);
    this.parts[frame.header] = header;
    this.top.size += frame.size + header.length;
  }

  /** Writes the private field in place of one that stays in the file. */
  private leave(start: number, content: number, end: number, tag: Tag): void {
    this.flush(start);
    this.at = end;
    this.top.left.add(tag.number);
    const last = this.located.at(-1);
    const isRun = tag.field?.leaveRun ?? false;
    if (isRun && last?.field === tag.number && last.offset + last.length === start) {
      this.located[this.located.length - 1] = { ...last, length: end - last.offset };
      return;
    }
    const offset = isRun ? start : content;
    this.located.push({ field: tag.number, offset, length: end - offset });
    this.emit(Uint8Array.from([...writeVarint(LEFT_FIELD * 8 + WireType.Varint), ...writeVarint(this.located.length - 1)]));
  }

  private async takeSmallMessage(start: number, content: number, end: number, plan: MessagePlan, tag: Tag): Promise<void> {
    if (!this.window.holds(start, end)) await this.show(start, end);
    const { window } = this;
    const path: Path = { name: tag.field?.name ?? '', above: this.top.path };
    const piece = { bytes: window.bytes, base: window.start };
    const forged = checkMessage(piece, content - window.start, end - window.start, plan, path, this.frames.length + 1);
    if (forged) {
      this.enterMessage(start, content, end, plan, tag);
      return;
    }
    this.at = end;
    if (this.pending < 0) this.pending = start;
  }

  /** Copies a field that may be longer than the window. */
  private async copyTo(start: number, end: number): Promise<void> {
    if (this.pending < 0) this.pending = start;
    while (end > this.window.end) {
      const reached = this.window.end;
      this.flush(reached);
      await this.window.load(reached, Math.min(reached + 1, this.source.size));
      this.pending = reached;
    }
    this.at = end;
  }

  /** Forgets the field that began at `start`. */
  private drop(start: number): void {
    this.flush(start);
  }

  /** Moves the window, after copying what is pending in it. */
  private async show(from: number, to: number): Promise<void> {
    const resume = this.pending >= 0;
    this.flush(from);
    await this.window.load(from, to);
    if (resume) this.pending = from;
  }

  private flush(end: number): void {
    const { pending, window } = this;
    this.pending = -1;
    if (pending >= 0 && end > pending) this.emit(window.bytes.slice(pending - window.start, end - window.start));
  }

  private emit(part: Uint8Array): void {
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

  private headerFault(what: string, tag?: Tag): Error {
    const { top, source } = this;
    const cut = this.window.end === source.size && source.size <= top.end;
    return cut && source.size - this.at < HEADER
      ? truncated(source.size, top.path, tag?.field?.name, source.size + 1)
      : damaged(this.at, top.path, tag?.field?.name, what);
  }
}
