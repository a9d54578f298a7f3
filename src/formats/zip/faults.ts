import { FormatError } from '../../bytes';

/** A fault of the archive, for good; `what` follows "The file is damaged: ". */
export function damaged(what: string, offset?: number): FormatError {
  return new FormatError(`The file is damaged: ${what}.`, { format: 'zip', ...(offset === undefined ? {} : { offset }) });
}
