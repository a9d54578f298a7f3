import type { Dim } from '../../model';

/**
 * Arithmetic on extents, some of which are free. A free extent stays readable:
 * `batch` times 12 is `12*batch`, and dividing that by 12 gives `batch` back.
 * Expressions are sums of products, kept in one canonical order so that equal
 * extents are equal strings. What has no such form (a division that may leave
 * a remainder) becomes `floor(a/b)`, which from then on counts as one name.
 */

/** Monomial (names joined by `*`, `''` for the constant) to its coefficient. */
type Polynomial = Map<string, number>;

/** Longer expressions help nobody and would let a hostile graph grow strings without bound. */
const MAX_EXPRESSION = 120;

const PLAIN_NAME = /^[A-Za-z_][\w.]*$/;

function splitTop(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '(') depth++;
    else if (char === ')') depth--;
    else if (char === separator && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function parse(dim: number | string): Polynomial {
  if (typeof dim === 'number') return new Map(dim === 0 ? [] : [['', dim]]);
  if (PLAIN_NAME.test(dim)) return new Map([[dim, 1]]);
  const result: Polynomial = new Map();
  for (const term of splitTop(dim, '+')) {
    let coefficient = 1;
    const names: string[] = [];
    for (const factor of splitTop(term, '*')) {
      if (/^-?\d+$/.test(factor)) coefficient *= Number(factor);
      else if (factor !== '') names.push(factor);
      else return new Map([[dim, 1]]);
    }
    addTerm(result, names.sort().join('*'), coefficient);
  }
  return result;
}

function addTerm(polynomial: Polynomial, monomial: string, coefficient: number): void {
  const sum = (polynomial.get(monomial) ?? 0) + coefficient;
  if (sum === 0) polynomial.delete(monomial);
  else polynomial.set(monomial, sum);
}

function print(polynomial: Polynomial): Dim {
  if (polynomial.size === 0) return 0;
  const constant = polynomial.get('');
  if (polynomial.size === 1 && constant !== undefined) return Number.isSafeInteger(constant) ? constant : null;
  const terms: string[] = [];
  for (const monomial of [...polynomial.keys()].sort().reverse()) {
    const coefficient = polynomial.get(monomial) ?? 0;
    if (!Number.isSafeInteger(coefficient)) return null;
    if (monomial === '') terms.push(String(coefficient));
    else terms.push(coefficient === 1 ? monomial : `${coefficient}*${monomial}`);
  }
  const text = terms.join('+');
  return text.length > MAX_EXPRESSION ? null : text;
}

function safe(value: number): Dim {
  return Number.isSafeInteger(value) ? value : null;
}

/** a + b. */
export function addDims(a: Dim, b: Dim): Dim {
  if (a === null || b === null) return null;
  if (typeof a === 'number' && typeof b === 'number') return safe(a + b);
  const sum = parse(a);
  for (const [monomial, coefficient] of parse(b)) addTerm(sum, monomial, coefficient);
  return print(sum);
}

/** a - b. */
export function subtractDims(a: Dim, b: Dim): Dim {
  if (typeof a === 'number' && typeof b === 'number') return safe(a - b);
  return addDims(a, multiplyDims(b, -1));
}

/** a * b; a zero annihilates even what is unknown. */
export function multiplyDims(a: Dim, b: Dim): Dim {
  if (a === 0 || b === 0) return 0;
  if (a === null || b === null) return null;
  if (typeof a === 'number' && typeof b === 'number') return safe(a * b);
  if (a === 1) return b;
  if (b === 1) return a;
  const product: Polynomial = new Map();
  const right = parse(b);
  for (const [left, x] of parse(a)) {
    for (const [monomial, y] of right) {
      const names = [...splitTop(left, '*'), ...splitTop(monomial, '*')].filter((name) => name !== '');
      addTerm(product, names.sort().join('*'), x * y);
    }
  }
  return print(product);
}

/** Removes the factors of monomial `b` from `a`, or `null` when it has not all of them. */
function cancel(a: string, b: string): string | null {
  const names = a === '' ? [] : splitTop(a, '*');
  if (b !== '') {
    for (const name of splitTop(b, '*')) {
      const at = names.indexOf(name);
      if (at < 0) return null;
      names.splice(at, 1);
    }
  }
  return names.join('*');
}

/** a / b when it divides without remainder whatever the free extents are, else `null`. */
export function divideExactly(a: Dim, b: Dim): Dim {
  if (a === null || b === null || b === 0) return null;
  if (typeof a === 'number' && typeof b === 'number') return a % b === 0 ? a / b : null;
  if (a === b) return 1;
  const divisor = parse(b);
  const [only] = divisor;
  if (divisor.size !== 1 || !only) return null;
  const result: Polynomial = new Map();
  for (const [monomial, coefficient] of parse(a)) {
    const rest = cancel(monomial, only[0]);
    if (rest === null || coefficient % only[1] !== 0) return null;
    addTerm(result, rest, coefficient / only[1]);
  }
  return print(result);
}

/** floor(a / b), for a positive number `b`. */
export function floorDivide(a: Dim, b: number): Dim {
  if (a === null || b <= 0) return null;
  if (typeof a === 'number') return safe(Math.floor(a / b));
  const exact = divideExactly(a, b);
  if (exact !== null) return exact;
  const text = `floor((${a})/${b})`;
  return text.length > MAX_EXPRESSION ? null : text;
}

/** ceil(a / b), for a positive number `b`. */
export function ceilDivide(a: Dim, b: number): Dim {
  if (typeof a === 'number') return b > 0 ? safe(Math.ceil(a / b)) : null;
  return divideExactly(a, b) ?? floorDivide(addDims(a, b - 1), b);
}

/** The product of extents, free ones included. */
export function productOf(dims: readonly Dim[]): Dim {
  let product: Dim = 1;
  for (const dim of dims) product = multiplyDims(product, dim);
  return product;
}
