import { append } from '../../../src/data';
import type { Budget } from '../../../src/protocol';
import type { Rect } from './camera';
import { type Item, type PathStep, path, rect, text } from './drawList';
import { boxColor, fillAlpha, type Look, shareText } from './look';
import type { SceneBox } from './scene';
import { DETAIL_SIZE, estimateWidth, pillText, SHEET, sheetsOf, TITLE_SIZE } from './sizes';

const RADIUS = 4;
const STRIP = 4;
const INSET = 16;
/** Zooms below which details, then titles, are left out. */
export const DETAIL_ZOOM = 0.45;
/** Below this zoom boxes have no titles: they could not be read. */
export const TITLE_ZOOM = 0.3;
const FAR_ZOOM = 0.08;
const STUB = 10;
const GLYPH = 8;

/** The budgets' glyphs (common/glyphs.ts) as outlines in a 10 x 10 box. */
const GLYPHS: Readonly<Record<Budget, readonly PathStep[]>> = {
  convolution: [['M', 1.5, 1.5], ['L', 8.5, 1.5], ['L', 8.5, 8.5], ['L', 1.5, 8.5], ['Z']],
  attention: [['M', 5, 0.5], ['L', 9.5, 5], ['L', 5, 9.5], ['L', 0.5, 5], ['Z']],
  feedForward: [['M', 5, 1], ['L', 9.5, 9], ['L', 0.5, 9], ['Z']],
  other: [
    ['M', 5, 2],
    ['C', 6.7, 2, 8, 3.3, 8, 5],
    ['C', 8, 6.7, 6.7, 8, 5, 8],
    ['C', 3.3, 8, 2, 6.7, 2, 5],
    ['C', 2, 3.3, 3.3, 2, 5, 2],
    ['Z'],
  ],
};

/** The budget's sign, for those who do not see its colour. */
export function glyphItem(budget: Budget, x: number, y: number, color: string, outlined: boolean): Item {
  const scale = GLYPH / 10;
  const steps = GLYPHS[budget].map(
    ([command, ...numbers]): PathStep => [command, ...numbers.map((value, index) => value * scale + (index % 2 === 0 ? x : y))],
  );
  const bounds = { x, y, width: GLYPH, height: GLYPH };
  const style = outlined ? { stroke: { color }, lineWidth: 1.25 } : { fill: { color } };
  return path(bounds, steps, { ...style, minZoom: DETAIL_ZOOM });
}

/** The chevron of groups: right when closed, down when open. */
export function chevronArea({ x, y, width, box }: SceneBox): Rect | null {
  return box.kind === 'group' ? { x: x + width - 28, y: y + 6, width: 24, height: 20 } : null;
}

function chevron(placed: SceneBox, color: string): Item[] {
  const area = chevronArea(placed);
  if (!area) return [];
  const [x, y] = [area.x + 12, area.y + 10];
  const steps: PathStep[] = placed.open
    ? [
        ['M', x - 4, y - 2],
        ['L', x, y + 2],
        ['L', x + 4, y - 2],
      ]
    : [
        ['M', x - 2, y - 4],
        ['L', x + 2, y],
        ['L', x - 2, y + 4],
      ];
  return [path(area, steps, { stroke: { color }, lineWidth: 1.25, minZoom: DETAIL_ZOOM })];
}

function frame(placed: SceneBox, look: Look): Item[] {
  const { x, y, width, box } = placed;
  const { theme } = look;
  const color = boxColor(box, look);
  const share = shareText(box, look);
  const title = box.repeat > 1 ? `${box.title}  \u00d7${box.repeat}` : box.title;
  const room = width - INSET - 32 - (share === '' ? 0 : 56);
  return [
    rect(placed, { radius: RADIUS, fill: { color: theme.background } }),
    rect(placed, {
      radius: RADIUS,
      fill: { color, alpha: theme.highContrast ? 0 : 0.05 },
      stroke: { color, alpha: theme.highContrast ? 1 : 0.6 },
    }),
    glyphItem(box.budget, x + 10, y + 10, color, theme.highContrast),
    text(title, { x: x + 24, y: y + 18, size: TITLE_SIZE, maxWidth: room }, { color: theme.foreground }, { minZoom: TITLE_ZOOM }),
    ...(share === ''
      ? []
      : [
          text(
            share,
            { x: x + width - 32, y: y + 18, size: DETAIL_SIZE, maxWidth: 56, align: 'right' },
            { color: theme.description },
            { minZoom: DETAIL_ZOOM },
          ),
        ]),
    ...chevron(placed, theme.description),
  ];
}

function pill(placed: SceneBox, look: Look): Item[] {
  const { x, y, width, height, box } = placed;
  const { foreground, background, description } = look.theme;
  const at = { x: x + width / 2, y: y + height / 2 + 4, size: DETAIL_SIZE, maxWidth: width - 20, align: 'center' as const };
  return [
    rect(placed, { radius: height / 2, fill: { color: background }, stroke: { color: description } }),
    text(pillText(box), at, { color: foreground }, { minZoom: TITLE_ZOOM }),
  ];
}

function port({ x, y, width, height, box }: SceneBox, look: Look): Item[] {
  const center = { x: x + width / 2, y: box.kind === 'portIn' ? y : y + height };
  return [
    rect(
      { x: center.x - 2.5, y: center.y - 2.5, width: 5, height: 5 },
      { radius: 2.5, fill: { color: look.theme.description }, minZoom: DETAIL_ZOOM },
    ),
  ];
}

/** Short lines with a dot at the left edge: constants and shape values that many boxes share. */
function stubs(placed: SceneBox, look: Look, height: number): Item[] {
  const count = Math.min(placed.box.stubs.length, 3);
  return Array.from({ length: count }, (_, index) => {
    const y = placed.y + (height * (index + 1)) / (count + 1);
    const [from, to] = [placed.x - STUB, placed.x];
    const steps: PathStep[] = [
      ['M', from, y],
      ['L', to, y],
      ['M', from - 2, y - 2],
      ['L', from + 2, y - 2],
      ['L', from + 2, y + 2],
      ['L', from - 2, y + 2],
      ['Z'],
    ];
    return path({ x: from - 2, y: y - 2, width: STUB + 2, height: 4 }, steps, {
      stroke: { color: look.theme.description },
      minZoom: DETAIL_ZOOM,
    });
  });
}

function card(placed: SceneBox, look: Look): Item[] {
  const { x, y, width, box } = placed;
  const { theme } = look;
  const color = boxColor(box, look);
  const sheets = sheetsOf(box);
  const height = placed.height - sheets * SHEET;
  const heat = look.colorBy !== 'kind';
  const border = { color: heat ? theme.description : color, alpha: theme.highContrast ? 1 : heat ? 0.6 : 0.75 };
  const items: Item[] = [];
  for (let sheet = sheets; sheet > 0; sheet--) {
    const bounds = { x: x + sheet * SHEET, y: y + sheet * SHEET, width: width - 2 * sheet * SHEET, height };
    items.push(rect(bounds, { radius: RADIUS, fill: { color: theme.background }, stroke: border, minZoom: TITLE_ZOOM }));
  }
  const face = { x, y, width, height };
  items.push(
    rect(face, { radius: RADIUS, fill: { color: theme.background }, minZoom: FAR_ZOOM }),
    rect(face, { radius: RADIUS, fill: { color, alpha: fillAlpha(look) }, stroke: border }),
    rect({ x, y, width: heat ? 2 * STRIP : STRIP, height }, { radius: 2, fill: { color }, minZoom: FAR_ZOOM }),
  );
  for (const more of [cardTexts(placed, look, height), stubs(placed, look, height), chevron(placed, theme.description)])
    append(items, more);
  return items;
}

function cardTexts({ x, y, width, box }: SceneBox, look: Look, height: number): Item[] {
  const { theme } = look;
  const heat = look.colorBy !== 'kind';
  const color = heat ? theme.foreground : boxColor(box, look);
  const share = shareText(box, look);
  const single = box.subtitle === '';
  const titleY = single ? y + height / 2 + 4 : y + 20;
  const count = box.repeat > 1 ? `\u00d7${box.repeat}` : '';
  const shareRoom = share === '' ? 0 : 52;
  const titleRight = x + width - (box.kind === 'group' ? 32 : 12) - (single ? shareRoom : 0);
  const countRoom = count === '' ? 0 : estimateWidth(count, DETAIL_SIZE) + 8;
  const left = x + INSET + GLYPH + 6;
  const items = [
    glyphItem(box.budget, x + INSET - 2, titleY - 8, color, theme.highContrast),
    text(
      box.title,
      { x: left, y: titleY, size: TITLE_SIZE, maxWidth: titleRight - countRoom - left },
      { color: theme.foreground },
      { minZoom: TITLE_ZOOM },
    ),
  ];
  // Quiet grey would drown in the stronger fills of a heat map.
  const quiet = { color: heat ? theme.foreground : theme.description };
  const style = { minZoom: DETAIL_ZOOM };
  if (count !== '')
    items.push(text(count, { x: titleRight, y: titleY, size: DETAIL_SIZE, maxWidth: countRoom, align: 'right' }, quiet, style));
  const shareY = single ? titleY : y + 38;
  if (share !== '')
    items.push(text(share, { x: x + width - 12, y: shareY, size: DETAIL_SIZE, maxWidth: 48, align: 'right' }, quiet, style));
  if (!single)
    items.push(
      text(box.subtitle, { x: x + INSET - 2, y: y + 38, size: DETAIL_SIZE, maxWidth: width - INSET - 12 - shareRoom }, quiet, style),
    );
  return items;
}

/** The draw items of one box, back to front. */
export function boxItems(placed: SceneBox, look: Look): Item[] {
  if (placed.open) return frame(placed, look);
  switch (placed.box.kind) {
    case 'portIn':
    case 'portOut':
      return port(placed, look);
    case 'input':
    case 'output':
      return pill(placed, look);
    case 'group':
    case 'node':
      return card(placed, look);
    default:
      return placed.box.kind satisfies never;
  }
}
