import { own } from '../../data';

/** What a Python literal stands for; tuples and lists are arrays. */
export type PyValue = string | number | boolean | null | readonly PyValue[] | ReadonlyMap<string, PyValue>;

/** Brackets within brackets: a structured type of structured types takes two for each. */
const DEPTH = 32;

const WORDS: Readonly<Record<string, boolean | null>> = { True: true, False: false, None: null };
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"' };

/**
 * Reads a Python literal of texts, whole numbers, `True`, `False`, `None`, tuples, lists and dicts with texts as keys:
 * what headers of arrays are made of. Nothing is evaluated. `null` for anything else.
 */
export function parseLiteral(text: string): { readonly value: PyValue } | null {
  const parser = new Parser(text);
  try {
    const value = parser.value(0);
    return parser.atEnd() ? { value } : null;
  } catch (error) {
    if (error instanceof NoLiteral) return null;
    throw error;
  }
}

class NoLiteral extends Error {}

class Parser {
  private at = 0;

  constructor(private readonly text: string) {}

  atEnd(): boolean {
    this.skipSpace();
    return this.at === this.text.length;
  }

  value(depth: number): PyValue {
    if (depth > DEPTH) throw new NoLiteral();
    this.skipSpace();
    const next = this.text[this.at];
    if (next === '(') return this.items(')', depth);
    if (next === '[') return this.items(']', depth);
    if (next === '{') return this.entries(depth);
    if (next === "'" || next === '"') return this.quoted();
    return this.word();
  }

  /** Python 2 wrote long integers with an L behind them, and some texts with a letter before them. */
  private word(): PyValue {
    const word = this.match(/[A-Za-z]+|-?\d+L?/y);
    if (word === 'u' || word === 'b') return this.quoted();
    const named = own(WORDS, word);
    if (named !== undefined) return named;
    const number = Number(word.replace('L', ''));
    if (Number.isNaN(number)) throw new NoLiteral();
    return number;
  }

  private quoted(): string {
    const quote = this.match(/['"]/y);
    let text = '';
    for (;;) {
      text += this.match(quote === "'" ? /[^'\\\n]*/y : /[^"\\\n]*/y);
      const next = this.match(/['"]|\\(?:x[0-9a-f]{2}|.)/y);
      if (next === quote) return text;
      const code = next.startsWith('\\x') ? String.fromCharCode(Number.parseInt(next.slice(2), 16)) : own(ESCAPES, next.slice(1));
      if (code === undefined) throw new NoLiteral();
      text += code;
    }
  }

  private items(close: string, depth: number): readonly PyValue[] {
    const items: PyValue[] = [];
    let commas = 0;
    this.at += 1;
    while (!this.take(close)) {
      if (items.length > commas) throw new NoLiteral();
      items.push(this.value(depth + 1));
      if (this.take(',')) commas += 1;
    }
    // A parenthesis without a comma is no tuple.
    const [only] = items;
    return close === ')' && commas === 0 && only !== undefined && Array.isArray(only) ? only : items;
  }

  private entries(depth: number): ReadonlyMap<string, PyValue> {
    const entries = new Map<string, PyValue>();
    this.at += 1;
    while (!this.take('}')) {
      const key = this.value(depth + 1);
      if (typeof key !== 'string' || !this.take(':') || entries.has(key)) throw new NoLiteral();
      entries.set(key, this.value(depth + 1));
      if (this.take('}')) break;
      if (!this.take(',')) throw new NoLiteral();
    }
    return entries;
  }

  private take(character: string): boolean {
    this.skipSpace();
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const [found] = pattern.exec(this.text) ?? [];
    if (found === undefined) throw new NoLiteral();
    this.at += found.length;
    return found;
  }

  private skipSpace(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at += 1;
  }
}
