import { GONE } from '../protocol';

/** The errors of the lowest floor, for the floors that see the engine only. */
export { FormatError, LimitError, UserError } from '../bytes';

/** A handle stands for nothing any more; whoever holds it opens anew what it stood for (protocol/rpc.ts, `isGone`). */
export class GoneError extends Error {
  override readonly name = GONE;
}
