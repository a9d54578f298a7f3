/** The file is wrong, for good. Says which format, where, and what. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
  constructor(
    message: string,
    readonly where: { readonly format?: string; readonly offset?: number; readonly field?: string } = {},
  ) {
    super(message);
  }
}

/** The file may be right but passes a limit we keep; says which limit. */
export class LimitError extends Error {
  override readonly name = 'LimitError';
  constructor(
    message: string,
    readonly limit: { readonly name: string; readonly value: number },
  ) {
    super(message);
  }
}

/** The person can mend it; the message says how. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
