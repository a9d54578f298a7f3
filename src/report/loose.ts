import type { Category, Count } from '../protocol';

/** What a row needs to know of an operator. */
interface Operator {
  readonly op: string;
  readonly category: Category;
  readonly parameters: Count;
  readonly macs: Count | null;
}

/** Operators of one level that stand in none of its blocks, put together by what they do. */
export interface LooseGroup<Node> {
  /** `Pointwise convolution`; the commonest operators where they weigh and multiply nothing: `Add, Relu`. */
  readonly name: string;
  readonly nodes: readonly Node[];
}

/** `convolution.depthwise` as a person reads it: `Depthwise convolution`. */
export function categoryName(category: Category): string {
  const [family = '', part] = category.split('.');
  const spaced = (text: string) => text.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  const text = part === undefined ? spaced(family) : family === 'convolution' ? `${spaced(part)} convolution` : `${family} ${spaced(part)}`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function commonest(nodes: readonly Operator[]): string {
  const counts = new Map<string, number>();
  for (const { op } of nodes) counts.set(op, (counts.get(op) ?? 0) + 1);
  const names = [...counts].sort((a, b) => b[1] - a[1]).map(([op]) => op);
  return `${names.slice(0, 2).join(', ')}${names.length > 2 ? '...' : ''}`;
}

/**
 * Groups a level's loose operators, so that its rows add up to its total: one group for each category that
 * multiplies or weighs something, and one for all the rest. In the order in which each begins.
 */
export function looseGroups<Node extends Operator>(nodes: readonly Node[]): readonly LooseGroup<Node>[] {
  const groups = new Map<Category | '', Node[]>();
  for (const node of nodes) {
    const weighs = Number(node.macs ?? 0) > 0 || Number(node.parameters) > 0;
    const key = weighs && node.category !== 'other' && node.category !== 'dataMovement' ? node.category : '';
    const known = groups.get(key);
    if (known) known.push(node);
    else groups.set(key, [node]);
  }
  return [...groups].map(([key, members]) => ({ name: key === '' ? commonest(members) : categoryName(key), nodes: members }));
}
