/**
 * Control characters (C0, C1, DEL), characters that draw nothing or turn the direction of what stands beside them
 * (format characters), line and paragraph separators, halves of surrogate pairs, and two that XML forbids. The joiners
 * U+200C and U+200D stay: scripts and emoji are written with them, and they move nothing.
 */
const HIDDEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\ufffe\uffff]/gu;
const PLAIN = /^[\x20-\x7e]*$/;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Text on one line in which every character is seen: `\x1b`, `\n`, `\u202e`. What a file calls things cannot move a
 * cursor, begin a line, or turn a line around. Every other way out of the program begins with this one.
 */
export function visible(text: string): string {
  return PLAIN.test(text) ? text : text.replace(HIDDEN, (mark) => SHORT[mark] ?? escaped(mark));
}

/** The same for markup that was serialised: its own tabs and line ends stay. */
export function visibleMarkup(markup: string): string {
  return markup.replace(HIDDEN, (mark) => (/[\t\n\r]/.test(mark) ? mark : escaped(mark)));
}

/** The same inside the string literals of JSON text, as escapes of JSON, so that a reader gets the very same value. */
export function visibleJson(json: string): string {
  return json.replace(HIDDEN, (mark) => (mark === '\n' ? mark : [...unitsOf(mark)].join('')));
}

function escaped(mark: string): string {
  const code = mark.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
}

function* unitsOf(mark: string): Iterable<string> {
  for (let at = 0; at < mark.length; at++) yield `\\u${mark.charCodeAt(at).toString(16).padStart(4, '0')}`;
}

/** Text of at most `limit` characters: a longer one loses its middle, since a path's beginning and end say most. */
export function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const tail = Math.floor((limit - 1) / 2);
  // Neither end may begin or stop within a pair of surrogates.
  const head = text.slice(0, limit - 1 - tail).replace(/[\ud800-\udbff]$/, '');
  return `${head}\u2026${tail > 0 ? text.slice(-tail).replace(/^[\udc00-\udfff]/, '') : ''}`;
}
