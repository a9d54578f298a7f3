import { LimitError } from '../../bytes';
import type { MessageLayout } from './layout';

/** How many of something a file may hold, and what a person calls it: "operators". */
export interface CountLimit {
  readonly name: string;
  readonly most: number;
  readonly what: string;
}

/** What may be decoded: bytes say little about it, since a message of two bytes takes a hundred in memory. */
export interface DecodeLimits {
  /** By the full name of a message. */
  readonly of: ReadonlyMap<string, CountLimit>;
  /** Messages of any kind. */
  readonly messages: CountLimit;
  /** Items of lists of numbers, texts and bytes. */
  readonly elements: CountLimit;
  /** Bytes of all texts. */
  readonly text: CountLimit;
}

/** Counts what is decoded, and stops before what passes a limit is made. */
export class Tally {
  private readonly counts = new Map<MessageLayout, { readonly limit: CountLimit; count: number } | null>();
  private messages = 0;
  private elements = 0;
  private bytes = 0;

  constructor(private readonly limits: DecodeLimits) {}

  message(layout: MessageLayout): void {
    if (++this.messages > this.limits.messages.most) throw tooMany(this.limits.messages);
    let kind = this.counts.get(layout);
    if (kind === undefined) {
      const limit = this.limits.of.get(layout.name);
      kind = limit ? { limit, count: 0 } : null;
      this.counts.set(layout, kind);
    }
    if (kind && ++kind.count > kind.limit.most) throw tooMany(kind.limit);
  }

  element(): void {
    if (++this.elements > this.limits.elements.most) throw tooMany(this.limits.elements);
  }

  text(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > this.limits.text.most) throw tooMany(this.limits.text);
  }
}

function tooMany({ name, most, what }: CountLimit): LimitError {
  return new LimitError(`The file has more than ${most} ${what}, which is as many as are read here.`, { name, value: most });
}
