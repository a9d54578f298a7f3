import type { KeyPair } from './key';

/** Names that match `pattern` (a regular expression of Python and of JavaScript) get `replacement`. */
export interface NameRule {
  readonly pattern: string;
  /** With `\1` for what the first group matched. */
  readonly replacement: string;
  /** How names begin on both sides, numbers as `N`; for people. */
  readonly from: string;
  readonly to: string;
  readonly count: number;
  /** The first name that it is about. */
  readonly example: string;
}

/** Rules in the order in which they are tried, and names that none of them explains. */
export interface Renaming {
  readonly rules: readonly NameRule[];
  readonly explicit: readonly (readonly [from: string, to: string])[];
}

/** Rules that a snippet may have; the rest are given name by name. */
const MOST_RULES = 64;

/**
 * The fewest rules that rename the first of each pair to the second: what their names begin with, numbers that are equal
 * on both sides taken as any number. Names of `kept` must become none of theirs.
 */
export function renamingOf(pairs: readonly KeyPair[], kept: readonly string[]): Renaming {
  const drafts = new Map<string, NameRule>();
  for (const { from, to } of pairs) {
    if (from.name === to.name) continue;
    const rule = ruleOf(from.name, to.name);
    const key = `${rule.pattern}\u0000${rule.replacement}`;
    const before = drafts.get(key);
    drafts.set(key, { ...rule, count: (before?.count ?? 0) + 1, example: before?.example ?? from.name });
  }
  // What nothing begins with is a rule where it is one for nearly all; else it would rename strangers.
  for (const [key, { from, count, pattern }] of drafts) {
    const forAll = from === '' && 2 * count < pairs.length;
    // A whole name is no rule but a name.
    if (forAll || (count === 1 && pattern.endsWith('$'))) drafts.delete(key);
  }
  // The longest beginnings first, so that a rule for all comes last; the first that matches counts.
  const rules = [...drafts.values()]
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_RULES)
    .sort((a, b) => b.from.length - a.from.length);
  const compiled = rules.map((rule) => ({
    ...rule,
    regex: new RegExp(rule.pattern),
    with: rule.replacement.replace(/\$/g, '$$$$').replace(/\\(\d)/g, '$$$1'),
  }));
  const apply = (name: string) => {
    const rule = compiled.find(({ regex }) => regex.test(name));
    return rule ? name.replace(rule.regex, rule.with) : name;
  };
  const explicit = pairs.flatMap(({ from, to }) => (apply(from.name) === to.name ? [] : [[from.name, to.name] as const]));
  const taken = new Set(pairs.map(({ to }) => to.name));
  for (const name of kept) if (apply(name) !== name && taken.has(apply(name))) explicit.push([name, name]);
  return { rules, explicit };
}

/** What a name begins with until the longest equal end, with equal numbers as groups. */
function ruleOf(from: string, to: string): Omit<NameRule, 'count' | 'example'> {
  const [a, b] = [from.split(/(?<=[./])/), to.split(/(?<=[./])/)];
  let same = 0;
  while (same < a.length && same < b.length && a[a.length - 1 - same] === b[b.length - 1 - same]) same += 1;
  const [head, other] = [a.slice(0, a.length - same), b.slice(0, b.length - same)];
  const [numbers, others] = [head, other].map((parts) => parts.filter(isNumber));
  // As many numbers in the same order on both sides are taken as any; else each stands for itself.
  const general = numbers && others && numbers.length > 0 && numbers.length < 9 && numbers.join() === others.join();
  let group = 0;
  const whole = same === 0 ? '$' : '';
  return {
    pattern: `^${head.map((part) => (general && isNumber(part) ? `(\\d+)${escaped(part.replace(/^\d+/, ''))}` : escaped(part))).join('')}${whole}`,
    replacement: other
      .map((part) => (general && isNumber(part) ? `\\${++group}${part.replace(/^\d+/, '')}` : part.replace(/\\/g, '\\\\')))
      .join(''),
    from: head.map((part) => (general ? part.replace(/^\d+/, 'N') : part)).join(''),
    to: other.map((part) => (general ? part.replace(/^\d+/, 'N') : part)).join(''),
  };
}

function isNumber(part: string): boolean {
  return /^\d+[./]?$/.test(part);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replace(/\\\//g, '/');
}
