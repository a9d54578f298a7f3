/** The errors of the lowest floor, for the floors that see the engine only. */
export { FormatError, LimitError, UserError } from '../bytes';
