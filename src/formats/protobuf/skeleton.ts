import { type ByteSource, LIMITS } from '../../bytes';
import { checkMessage, checkPacked, type Tag, tagOf } from './check';
import { damaged, type Path, tooDeep, truncated } from './faults';
import { type FieldPlan, type MessagePlan, UNKNOWN } from './plan';
import { WireType } from './schema';
import { ByteWindow } from './window';
import { readVarint, type VarintCursor } from './wire';
import { type Skeleton, SkeletonWriter } from './writer';

/** Messages of this many bytes and more are entered; shorter ones hold nothing worth leaving in the file. */
const ENTER = 1024;
/** Most bytes of a tag and a length. */
const HEADER = 20;

/**
 * Walks a message's wire format and copies everything but the large fields that the plan allows to leave. Reads about
 * as much of the source as it copies.
 * @throws FormatError naming byte and field when the file is truncated or damaged, LimitError.
 */
export async function scanSkeleton(source: ByteSource, plan: MessagePlan, signal?: AbortSignal): Promise<Skeleton> {
  const scan = new SkeletonScan(source, plan);
  await scan.run(signal);
  return scan.writer.result();
}

/** A message, or an unknown group, that the scan is in. */
interface Frame {
  readonly plan: MessagePlan;
  readonly path: Path | null;
  readonly start: number;
  /** For a group, the end of the message around it. */
  readonly end: number;
  /** The field number of a group, which is skipped; 0 for a message. */
  readonly group: number;
  /** Fields of this message that were left in the file: later pieces of them are left too, which keeps their order. */
  readonly left: Set<number>;
}

/** A length-delimited field: where its tag begins, and its content. */
interface Delimited {
  readonly tag: Tag;
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

class SkeletonScan {
  readonly writer = new SkeletonWriter();
  private readonly window: ByteWindow;
  private readonly frames: Frame[] = [];
  private readonly cursor: VarintCursor = { value: 0, next: 0 };
  private top: Frame;
  private at = 0;
  /** Start of the bytes before `at` that are to be copied and are not yet, or -1. All of them lie in the window. */
  private pending = -1;

  constructor(
    private readonly source: ByteSource,
    plan: MessagePlan,
  ) {
    this.window = new ByteWindow(source);
    this.top = { plan, path: null, start: 0, end: source.size, group: 0, left: new Set() };
    this.frames.push(this.top);
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
      // Most fields lie in the window and need no wait.
      const reading = this.takeField();
      if (reading) await reading;
    }
    this.flush(this.at);
  }

  private takeField(): Promise<void> | undefined {
    const start = this.at;
    const { top, cursor } = this;
    if (!this.readVarint(start)) throw this.headerFault('a tag has no end');
    const tag = tagOf(cursor.value, start, top.plan, top.path);
    if (tag.wire === WireType.LengthDelimited) return this.takeDelimited(this.readDelimited(start, tag));
    if (tag.wire === WireType.StartGroup) {
      this.flush(start);
      this.at = cursor.next;
      this.enterFrame(UNKNOWN, top.end, top.path, tag.number);
    } else if (tag.wire === WireType.EndGroup) {
      if (top.group !== tag.number) throw damaged(start, top.path, undefined, 'a group ends that never began');
      this.at = cursor.next;
      this.popFrame();
    } else {
      this.takeNumber(start, tag);
    }
    return undefined;
  }

  private takeNumber(start: number, tag: Tag): void {
    const { top, cursor, source } = this;
    let end = cursor.next + (tag.wire === WireType.Bit64 ? 8 : 4);
    if (tag.wire === WireType.Varint) {
      if (!this.readVarint(cursor.next)) throw this.headerFault('a number has no end', tag.field);
      end = cursor.next;
    }
    if (end > source.size) throw truncated(source.size, top.path, tag.field?.name, end);
    if (end > top.end) throw damaged(start, top.path, tag.field?.name, 'a number passes the end of the message around it');
    this.take(start, end, tag.field);
  }

  private readDelimited(start: number, tag: Tag): Delimited {
    const { top, cursor, source } = this;
    if (!this.readVarint(cursor.next)) throw this.headerFault('a length has no end', tag.field);
    const content = cursor.next;
    const end = content + cursor.value;
    // What passes the end of the file is followed inwards, to name the field that is cut.
    if (end > top.end && top.end <= source.size && this.frames.length > 1) {
      throw damaged(start, top.path, tag.field?.name, `its length of ${cursor.value} bytes passes the end of the message around it`);
    }
    return { tag, start, content, end };
  }

  private takeDelimited(found: Delimited): Promise<void> | undefined {
    const { tag, start, content, end } = found;
    const { top, source } = this;
    const { field } = tag;
    const length = end - content;
    if (field?.message && (length >= ENTER || end > source.size)) return this.enterMessage(found, field.message);
    if (end > source.size) throw truncated(source.size, top.path, field?.name, end);
    if (field === undefined) return this.take(start, end, undefined);
    if (field.leaveRun ? this.runIsLong() : length >= field.leave || top.left.has(tag.number)) return this.leaveOut(found, field);
    if (field.message) return this.takeMessage(found, field.message);
    return this.copy(found, field);
  }

  /** Keeps what lies in the window from `start` to `end`, or passes over it when the field is unknown. */
  private take(start: number, end: number, field: FieldPlan | undefined): undefined {
    this.at = end;
    if (field === undefined) this.flush(start);
    else if (this.pending < 0) this.pending = start;
  }

  /** Strings of one tensor stay in the file when the message that holds them is too large to keep. */
  private runIsLong(): boolean {
    return this.top.end - this.top.start > LIMITS.stringBytes;
  }

  private leaveOut({ tag, start, content, end }: Delimited, field: FieldPlan): undefined {
    this.flush(start);
    this.at = end;
    this.top.left.add(tag.number);
    if (field.leaveRun) this.writer.leaveOutRun({ field: tag.number, offset: start, length: end - start });
    else this.writer.leaveOut({ field: tag.number, offset: content, length: end - content });
  }

  private takeMessage(found: Delimited, plan: MessagePlan): Promise<void> | undefined {
    if (this.window.holds(found.start, found.end)) return this.keepMessage(found, plan);
    return this.show(found.start, found.end).then(() => this.keepMessage(found, plan));
  }

  /** A message too short to enter, which the window holds, is checked and kept whole. */
  private keepMessage(found: Delimited, plan: MessagePlan): undefined {
    const { window } = this;
    const { tag, start, content, end } = found;
    const piece = { bytes: window.bytes, base: window.start };
    const path: Path = { name: tag.field?.name ?? '', above: this.top.path };
    const forged = checkMessage(piece, content - window.start, end - window.start, plan, path, this.frames.length + 1);
    if (forged) this.enterMessage(found, plan);
    else this.take(start, end, tag.field);
  }

  /** Copies a field that may be longer than the window. */
  private async copy({ start, content, end }: Delimited, field: FieldPlan): Promise<void> {
    if (this.pending < 0) this.pending = start;
    while (end > this.window.end) {
      const reached = this.window.end;
      this.flush(reached);
      await this.window.load(reached, reached + 1);
      this.pending = reached;
    }
    this.at = end;
    if (field.packed !== 0) checkPacked(field, content, end - content, this.window.bytes[end - 1 - this.window.start], this.top.path);
  }

  private enterMessage({ tag, start, content, end }: Delimited, plan: MessagePlan): undefined {
    this.flush(start);
    this.at = content;
    this.enterFrame(plan, end, { name: tag.field?.name ?? '', above: this.top.path }, 0);
    this.writer.enter(tag.number);
  }

  private enterFrame(plan: MessagePlan, end: number, path: Path | null, group: number): void {
    if (this.frames.length > LIMITS.messageDepth) throw tooDeep(this.at, this.top.path);
    this.top = { plan, path, start: this.at, end, group, left: new Set() };
    this.frames.push(this.top);
  }

  private leaveFrame(): void {
    if (this.top.group !== 0) throw damaged(this.at, this.top.path, undefined, 'a group has no end');
    this.flush(this.at);
    this.popFrame();
    this.writer.leave();
  }

  private popFrame(): void {
    this.frames.pop();
    this.top = this.frames.at(-1) ?? this.top;
  }

  /** Reads a varint at a position of the file that the window holds; the cursor then stands behind it, also in the file. */
  private readVarint(at: number): boolean {
    const { window, cursor } = this;
    const limit = Math.min(window.end, this.top.end) - window.start;
    const found = readVarint(window.bytes, at - window.start, limit, cursor);
    cursor.next += window.start;
    return found;
  }

  /** Moves the window, after copying what is pending in it. */
  private async show(from: number, to: number): Promise<void> {
    const resume = this.pending >= 0;
    this.flush(from);
    await this.window.load(from, to);
    if (resume) this.pending = from;
  }

  /** Copies what is pending up to `end`. */
  private flush(end: number): void {
    const { pending, window } = this;
    this.pending = -1;
    if (pending >= 0 && end > pending) this.writer.write(window.bytes.slice(pending - window.start, end - window.start));
  }

  private headerFault(what: string, field?: FieldPlan): Error {
    const { top, source, at } = this;
    const cut = this.window.end === source.size && source.size <= top.end && source.size - at < HEADER;
    return cut ? truncated(source.size, top.path, field?.name, source.size + 1) : damaged(at, top.path, field?.name, what);
  }
}
