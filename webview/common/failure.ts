import { CANCELLED, isForPeople, RemoteError } from '../../src/protocol';
import { common } from './strings';

/** What went wrong as a sentence for a row or a line; errorState has room for more. */
export function failureText(error: unknown): string {
  if (error instanceof RemoteError && error.kind === CANCELLED) return common.cancelled;
  const message = error instanceof Error ? error.message : String(error);
  return isForPeople(error) || !(error instanceof RemoteError) ? message : `${common.unexpected} ${message}`;
}
