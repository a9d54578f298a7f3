import { commonScope } from './scopes';

const MAX_DEPTH = 10;

/** Where neighbours differ: starts of runs, the first being 0. */
export function runStarts(keys: readonly string[]): readonly number[] {
  const starts: number[] = [];
  keys.forEach((key, at) => {
    if (at === 0 || key !== keys[at - 1]) starts.push(at);
  });
  return starts;
}

/**
 * Runs of neighbours in one module, at the outermost depth of module paths that
 * tells at least `least` and at most `most` apart; `null` where none does.
 */
export function scopeStarts(scopes: readonly (readonly string[])[], least: number, most: number): readonly number[] | null {
  const shared = scopes.reduce((left, right) => commonScope(left, right), scopes[0] ?? []).length;
  for (let depth = shared + 1; depth <= shared + MAX_DEPTH; depth++) {
    const starts = runStarts(scopes.map((scope) => scope.slice(0, depth).join('/')));
    if (starts.length > most) return null;
    if (starts.length >= least) return starts;
  }
  return null;
}
