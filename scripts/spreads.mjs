// Spreads in the arguments of calls: `push(...items)` ends in "Maximum call stack size exceeded" from some 120,000 on.
const QUOTES = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
/** What takes any number of arguments. */
const TAKES_MANY = /(?:^|[^\w$])(?:push|unshift|splice|concat|max|min|hypot|fromCharCode|fromCodePoint|log)\s*$/;
const OPEN = '([{';
const CLOSE = ')]}';

/** The bracket that a place stands in, or -1. */
function bracketAround(text, at) {
  let depth = 0;
  for (let index = at - 1; index >= 0; index--) {
    const mark = text[index] ?? '';
    if (CLOSE.includes(mark)) depth++;
    else if (OPEN.includes(mark) && depth-- === 0) return index;
  }
  return -1;
}

/** `line: text` of each call that spreads a list into the arguments of a function that takes any number; rest parameters are none. */
export function spreadCalls(source) {
  const text = source.replace(QUOTES, (part) => part.replace(/[^\n]/g, ' '));
  const found = [];
  for (const { index, 0: spread } of text.matchAll(/\.\.\.\s*(?:[\w$]+\s*:)?/g)) {
    if (spread.endsWith(':')) continue;
    const bracket = bracketAround(text, index);
    if (text[bracket] !== '(' || !TAKES_MANY.test(text.slice(0, bracket).slice(-40))) continue;
    const line = text.slice(0, bracket).split('\n').length;
    found.push(`${line}: ${source.split('\n')[line - 1]?.trim()}`);
  }
  return found;
}
