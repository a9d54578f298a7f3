import type { Block } from '../../../src/protocol';
import type { Figure } from '../../common/editor/figureList';
import { formatExact } from '../../common/format';
import { t } from '../strings';

type AttributeValue = Block['attributes'][string];

/** `7 \u00d7 7` for extents, `yes` and `no`, everything else as it is. */
export function attributeText(value: AttributeValue | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'boolean') return value ? t.yes : t.no;
  if (typeof value === 'number') return Number.isInteger(value) ? formatExact(value) : String(value);
  return typeof value === 'string' ? value : value.join(' \u00d7 ');
}

const LABELS: Readonly<Record<string, () => string>> = {
  window: () => t.window,
  windows: () => t.windows,
  position: () => t.position,
  receptiveField: () => t.receptiveField,
};

/** `groupCount` as `Group count`. */
export function attributeLabel(name: string): string {
  const known = LABELS[name];
  if (known) return known();
  const spaced = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** The block's attributes, with heads and head size, queries and keys in one line each. */
export function blockFigures(block: Block): readonly Figure[] {
  const rest = new Map(Object.entries(block.attributes));
  const figures: Figure[] = [];
  const pair = (first: string, second: string, label: string, alone: string) => {
    const [a, b] = [rest.get(first), rest.get(second)];
    if (a === undefined) return;
    rest.delete(first);
    rest.delete(second);
    const value = b === undefined ? attributeText(a) : `${attributeText(a)} \u00d7 ${attributeText(b)}`;
    figures.push({ label: b === undefined ? alone : label, value });
  };
  pair('heads', 'headSize', t.headsBySize, t.heads);
  pair('queries', 'keys', t.queriesByKeys, t.queries);
  for (const [name, value] of rest) figures.push({ label: attributeLabel(name), value: attributeText(value) });
  return figures;
}
