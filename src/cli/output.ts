import type { Progress } from '../protocol';
import { jsonText, messageText, visible } from '../text';

/** Characters written at once: a reader that leaves early is noticed early, and nothing is put together twice. */
const PIECE = 2 ** 18;

/** Standard output took no more: its reader is gone, or there is no room. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
  constructor(readonly code: string) {
    super(`The results cannot be written to standard output (${code})${code === 'ENOSPC' ? ': there is no space left' : ''}.`);
  }

  /** Nobody reads any more, as after `| head`: no fault, and nothing to say. */
  get readerIsGone(): boolean {
    return this.code === 'EPIPE' || this.code === 'EOF' || this.code === 'ECONNRESET';
  }
}

/**
 * Results for people and for other programs, a line each. Whatever a line holds, it stays one line and moves no cursor.
 * @throws OutputError when standard output takes no more.
 */
export async function writeLines(lines: Iterable<string>): Promise<void> {
  let piece = '';
  for (const line of lines) {
    piece += `${visible(line)}\n`;
    if (piece.length < PIECE) continue;
    await write(piece);
    piece = '';
  }
  if (piece !== '') await write(piece);
}

/** A document whose line ends are its own. @throws OutputError */
export async function writeDocument(text: string): Promise<void> {
  await writeLines(text.replace(/\n$/, '').split('\n'));
}

/** A value as JSON. @throws OutputError */
export async function writeJson(value: unknown): Promise<void> {
  await writeDocument(jsonText(value));
}

/** What went wrong, on standard error; `about` is what it happened to. */
export function complain(message: string): void {
  toStandardError(`model-loupe: ${message}`);
}

/** What a person should know beside the results, on standard error. */
export function warn(message: string): void {
  toStandardError(`warning: ${message}`);
}

/** One line on standard error. */
export function note(message: string): void {
  toStandardError(message);
}

/** How far long work is, on one line of a terminal's standard error; nothing where that is a file or a pipe. */
export function progressLine(): { show(progress: Progress): void; clear(): void } {
  const { stderr } = process;
  let shown = false;
  return {
    show: ({ stage, fraction }) => {
      if (!stderr.isTTY || fraction === null) return;
      stderr.write(`\r\x1b[K${visible(stage)} ${Math.floor(100 * fraction)}%`);
      shown = true;
    },
    clear: () => {
      if (shown) stderr.write('\r\x1b[K');
      shown = false;
    },
  };
}

/** Several lines of our own on standard error. */
export function noteLines(lines: readonly string[]): void {
  for (const line of lines) toStandardError(line);
}

function toStandardError(message: string): void {
  process.stderr.write(`${messageText(message)}\n`);
}

function write(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: unknown) => reject(new OutputError((error as NodeJS.ErrnoException).code ?? String(error)));
    try {
      process.stdout.write(text, (error) => (error ? failed(error) : resolve()));
    } catch (error) {
      // Where standard output is a file, some versions of Node throw.
      failed(error);
    }
  });
}

/** A stream that fails also says so by an event, which ends the process with a stack when nobody listens. */
export function keepStreamsQuiet(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}
