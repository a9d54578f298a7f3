import type { Dim, Shape } from '../../model';

/** A label of an einsum equation: a letter, or one axis of the ellipsis counted from its right end (`.0` is the last). */
export type Label = string;

/** An equation with every ellipsis written out, one label per axis. */
export interface Equation {
  readonly terms: readonly (readonly Label[])[];
  readonly output: readonly Label[];
}

/** Longer equations are quoted in part. */
const MAX_QUOTED = 80;

const TERM = /^[A-Za-z]*(\.\.\.)?[A-Za-z]*$/;

/** Labels of one term; `width` is the number of axes its ellipsis stands for. */
function labelsOf(term: string, width: number): readonly Label[] {
  const at = term.indexOf('...');
  if (at < 0) return [...term];
  const ellipsis = Array.from({ length: width }, (_, i) => `.${width - 1 - i}`);
  return [...term.slice(0, at), ...ellipsis, ...term.slice(at + 3)];
}

/** Without `->`, the output has the ellipsis and then every letter that occurs once, in alphabetical order (NumPy). */
function implicitOutput(terms: readonly string[], width: number): readonly Label[] {
  const counts = new Map<string, number>();
  for (const letter of terms.join('').replaceAll('.', '')) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  const once = [...counts].filter(([, count]) => count === 1).map(([letter]) => letter);
  return [...labelsOf('...', width), ...once.sort()];
}

/**
 * Reads an einsum equation against its operands' ranks.
 * @returns the equation, or one sentence saying why it cannot be read.
 */
export function parseEquation(equation: string, ranks: readonly number[]): Equation | string {
  const text = equation.length > MAX_QUOTED ? `${equation.slice(0, MAX_QUOTED)}...` : equation;
  const compact = equation.replaceAll(/\s/g, '');
  const [left = '', right, ...rest] = compact.split('->');
  const terms = left.split(',');
  if (rest.length > 0) return `equation "${text}" has more than one arrow.`;
  if (terms.length !== ranks.length) return `equation "${text}" has ${terms.length} terms for ${ranks.length} inputs.`;
  const bad = [...terms, right ?? ''].find((term) => !TERM.test(term));
  if (bad !== undefined) return `equation "${text}" has the term "${bad}", which is not letters around at most one ellipsis.`;
  let width = 0;
  for (const [i, term] of terms.entries()) {
    const letters = term.replace('...', '').length;
    const spare = (ranks[i] ?? 0) - letters;
    if (spare < 0 || (spare > 0 && !term.includes('...'))) {
      return `term "${term}" of equation "${text}" does not fit an input of rank ${ranks[i]}.`;
    }
    width = Math.max(width, spare);
  }
  const labelled = terms.map((term, i) => labelsOf(term, (ranks[i] ?? 0) - term.replace('...', '').length));
  const output = right === undefined ? implicitOutput(terms, width) : labelsOf(right, width);
  const known = new Set(labelled.flat());
  const stranger = output.find((label) => !known.has(label));
  if (stranger !== undefined) return `equation "${text}" has "${stranger}" in its output, but in no input.`;
  return { terms: labelled, output };
}

/** Extent of every label: the one that is not 1 among its occurrences. `contradiction` names a label whose extents differ. */
export function extentsOf(equation: Equation, shapes: readonly Shape[]): { extents: ReadonlyMap<Label, Dim>; contradiction?: string } {
  const extents = new Map<Label, Dim>();
  let contradiction: string | undefined;
  for (const [i, term] of equation.terms.entries()) {
    for (const [axis, label] of term.entries()) {
      const dim = shapes[i]?.[axis] ?? null;
      const before = extents.get(label);
      if (before === undefined || before === 1 || (typeof before !== 'number' && dim !== 1 && dim !== null)) extents.set(label, dim);
      else if (typeof before === 'number' && typeof dim === 'number' && dim !== 1 && dim !== before) {
        contradiction = `index ${label} is ${before} in one input and ${dim} in another.`;
      }
    }
  }
  return contradiction === undefined ? { extents } : { extents, contradiction };
}
