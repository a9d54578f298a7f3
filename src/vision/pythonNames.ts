/** One token of a Python literal of strings and whole numbers. */
const TOKEN = /\s*(?:(-?\d+)|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([[\]{}:,]))/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/**
 * Reads `{0: 'person', 1: "it's"}` or `['person', 'bicycle']`, as Python
 * prints them, into [index, name] pairs. Anything else gives `[]`.
 */
export function parsePythonNames(text: string): readonly (readonly [string, string])[] {
  const tokens = tokenize(text);
  const dict = tokens?.[0] === '{';
  if (!tokens || tokens.length < 2 || (!dict && tokens[0] !== '[')) return [];
  const pairs: (readonly [string, string])[] = [];
  for (let at = 1; at < tokens.length - 1; ) {
    const key = dict ? tokens[at] : String(pairs.length);
    if (dict && tokens[at + 1] !== ':') return [];
    const name = tokens[at + (dict ? 2 : 0)];
    if (key === undefined || name === undefined || !name.startsWith('=')) return [];
    pairs.push([key.replace(/^=/, ''), name.slice(1)]);
    at += dict ? 3 : 1;
    if (tokens[at] === ',') at++;
  }
  return pairs;
}

/** Punctuation and digits as they are, strings with `=` in front; `null` when the text holds something else. */
function tokenize(text: string): readonly string[] | null {
  const tokens: string[] = [];
  const trimmed = text.trim();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const match = TOKEN.exec(trimmed);
    if (!match) return null;
    const [, digits, single, double, mark] = match;
    const quoted = single ?? double;
    if (quoted !== undefined) tokens.push(`=${quoted.replace(/\\(.)/g, (_all, char: string) => ESCAPES[char] ?? char)}`);
    else tokens.push(digits ?? mark ?? '');
  }
  return tokens;
}
