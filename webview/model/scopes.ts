/** The scopes of a name as exporters write them: all parts of `/stages.0/blocks.1/Conv` but the last. */
function scopes(name: string): readonly string[] {
  return name.split('/').slice(0, -1);
}

/** The scopes that all names share, `[]` where they share none; names without a scope are left out. */
export function sharedScopes(names: Iterable<string>): readonly string[] {
  let shared: readonly string[] | null = null;
  for (const name of names) {
    if (!name.includes('/')) continue;
    const parts = scopes(name);
    if (shared === null) {
      shared = parts;
      continue;
    }
    const end: number = shared.findIndex((part, place) => parts[place] !== part);
    if (end >= 0) shared = shared.slice(0, end);
    if (shared.length === 0) break;
  }
  return shared ?? [];
}

/** The name without the scopes, if it starts with them: `Conv` within `/stages.0/blocks.1`. */
export function withoutScopes(name: string, shared: readonly string[]): string {
  const prefix = `${shared.join('/')}/`;
  return shared.length > 0 && name.startsWith(prefix) ? name.slice(prefix.length) : name;
}
