const MAX_NAMES = 3;

/** The weightiest few of some names, each once: `MBConv, Transformer block...`. */
export function joinNames(weights: ReadonlyMap<string, number>): string {
  const ranked = [...weights].sort((a, b) => b[1] - a[1]).slice(0, MAX_NAMES);
  const kept = new Set(ranked.map(([name]) => name));
  const names = [...weights.keys()].filter((name) => kept.has(name));
  return `${names.join(', ')}${weights.size > MAX_NAMES ? '...' : ''}`;
}
