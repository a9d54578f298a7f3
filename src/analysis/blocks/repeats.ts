import type { Draft } from './draft';
import type { Flow } from './flow';

const MAX_TEXT = 200;

function attributeText(flow: Flow, index: number): string {
  const attributes = flow.nodes[index]?.attributes ?? {};
  const names = Object.keys(attributes);
  if (names.length === 0) return '';
  return names
    .sort()
    .map((name) => {
      const attribute = attributes[name];
      if (!attribute) return '';
      const { kind } = attribute;
      const plain = kind === 'int' || kind === 'float' || kind === 'string' || kind === 'ints' || kind === 'floats' || kind === 'strings';
      return plain ? `${name}=${String(attribute.value).slice(0, MAX_TEXT)}` : `${name}:${kind}`;
    })
    .join();
}

/**
 * Everything that makes two blocks the same but names and weights: operators,
 * attributes, wiring, shapes of weights and results. Equal text means equal
 * structure, so there is no hash that could collide.
 */
export function structureOf(flow: Flow, block: Draft): string {
  const nodes = [...block.nodes].filter((index) => flow.visible[index]).sort((a, b) => a - b);
  const place = new Map(nodes.map((index, at) => [index, at]));
  const outside = new Map<string, number>();
  const wire = (name: string): string => {
    if (name === '') return '-';
    const producer = flow.producer(name);
    const at = place.get(producer);
    if (at !== undefined) return `${at}.${flow.nodes[producer]?.outputs.indexOf(name)}`;
    if (flow.origin(name) !== 'data') return `c${flow.shape(name)?.join('x') ?? '?'}`;
    const known = outside.get(name) ?? outside.size;
    outside.set(name, known);
    return `o${known}`;
  };
  return nodes
    .map((index) => {
      const node = flow.nodes[index];
      const shapes = node?.outputs.map((name) => flow.shape(name)?.join('x') ?? '?').join();
      return `${node?.domain}:${node?.op}(${node?.inputs.map(wire).join()})[${attributeText(flow, index)}]${shapes}`;
    })
    .join('\n');
}

function visibleCount(flow: Flow, block: Draft | undefined): number {
  let count = 0;
  for (const index of block?.nodes ?? []) if (flow.visible[index]) count++;
  return count;
}

/** For each of a list of neighbours, how many equal ones it begins; 1 for those that follow an equal one, too. */
export function countRepeats(flow: Flow, neighbours: readonly Draft[]): readonly number[] {
  const texts = new Map<number, string>();
  const text = (at: number): string => {
    const block = neighbours[at];
    const known = texts.get(at) ?? (block ? structureOf(flow, block) : '');
    texts.set(at, known);
    return known;
  };
  const equal = (left: number, right: number): boolean => {
    if (
      neighbours[left]?.kind !== neighbours[right]?.kind ||
      visibleCount(flow, neighbours[left]) !== visibleCount(flow, neighbours[right])
    )
      return false;
    return text(left) === text(right);
  };
  const repeats = neighbours.map(() => 1);
  for (let start = 0; start < neighbours.length; ) {
    let end = start + 1;
    while (end < neighbours.length && equal(start, end)) end++;
    repeats[start] = end - start;
    start = end;
  }
  return repeats;
}
