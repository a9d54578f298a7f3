import { visibleJson } from './visible';

/** A value as JSON for a terminal or a file: the full text of every name, with the characters that would not be seen as escapes. */
export function jsonText(value: unknown): string {
  return visibleJson(JSON.stringify(value, null, 2));
}

/**
 * The value of JSON text; a byte order mark in front, which some editors write, is no part of it.
 * @throws SyntaxError when it is none.
 */
export function parseJson(text: string): unknown {
  return JSON.parse(text.replace(/^\ufeff/, ''));
}
