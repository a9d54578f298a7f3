import { escapeMarkup } from '../../../src/text';
import type { Item, Paint, TextItem } from './drawList';
import { estimateWidth } from './sizes';

function painted(property: 'fill' | 'stroke', paint: Paint | undefined): string {
  if (!paint) return ` ${property}="none"`;
  const alpha = paint.alpha === undefined ? '' : ` ${property}-opacity="${paint.alpha}"`;
  return ` ${property}="${escapeMarkup(paint.color)}"${alpha}`;
}

function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}

const ANCHORS: Readonly<Record<TextItem['align'], string>> = { left: 'start', center: 'middle', right: 'end' };

function textElement(item: TextItem): string {
  const longest = Math.max(1, Math.floor((item.text.length * item.maxWidth) / Math.max(1, estimateWidth(item.text, item.size))));
  const shown = item.text.length > longest + 2 ? `${item.text.slice(0, longest - 1)}\u2026` : item.text;
  const halo = item.halo ? ` stroke="${escapeMarkup(item.halo.color)}" stroke-width="4" stroke-linejoin="round" paint-order="stroke"` : '';
  const place = `x="${number(item.x)}" y="${number(item.y)}" font-size="${item.size}" text-anchor="${ANCHORS[item.align]}"`;
  return `<text ${place}${painted('fill', item.fill)}${halo}>${escapeMarkup(shown)}</text>`;
}

function element(item: Item): string {
  if (item.kind === 'text') return textElement(item);
  const paints = `${painted('fill', item.fill)}${painted('stroke', item.stroke)} stroke-width="${item.lineWidth}"`;
  if (item.kind === 'rect') {
    const { x, y, width, height } = item.bounds;
    return `<rect x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}" rx="${item.radius}"${paints}/>`;
  }
  return `<path d="${item.steps.map(([command, ...numbers]) => command + numbers.map(number).join(' ')).join('')}"${paints}/>`;
}

/** The same draw list as a standalone SVG document. */
export function toSvg(items: readonly Item[], width: number, height: number, background: string, fontFamily: string): string {
  const margin = 24;
  const box = `${-margin} ${-margin} ${number(width + 2 * margin)} ${number(height + 2 * margin)}`;
  const size = `width="${number(width + 2 * margin)}" height="${number(height + 2 * margin)}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="${box}" font-family="${escapeMarkup(fontFamily)}">
<rect x="${-margin}" y="${-margin}" width="100%" height="100%" fill="${escapeMarkup(background)}"/>
${items.map(element).join('\n')}
</svg>
`;
}
