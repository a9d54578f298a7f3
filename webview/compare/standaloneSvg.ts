import { BUDGETS } from '../../src/protocol';
import { visibleMarkup } from '../../src/text';

/** What a chart's look is made of. */
const STYLES = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'font-size', 'font-weight', 'opacity', 'text-decoration'] as const;
const COLOURS: readonly string[] = ['fill', 'stroke'];
/** Colours of the page by what an HTML report calls them (src/report/document.ts). */
const TOKENS = {
  ...Object.fromEntries(BUDGETS.map((budget) => [budget, `--loupe-${budget}`])),
  description: '--loupe-description',
  track: '--loupe-bar-track',
  background: '--loupe-background',
  foreground: '--loupe-foreground',
};

/**
 * A chart of the page as markup for an HTML report: its colours are the
 * report's where they are ours, so that it follows light and dark.
 */
export function reportSvg(chart: SVGElement): string {
  const tokens = tokenColours();
  const copy = chart.cloneNode(true) as SVGElement;
  const from = [chart, ...chart.querySelectorAll<SVGElement>('*')];
  const to = [copy, ...copy.querySelectorAll<SVGElement>('*')];
  const gone: SVGElement[] = [];
  from.forEach((element, index) => {
    const target = to[index];
    if (!target) return;
    for (const name of target.getAttributeNames()) if (INTERACTIVE.test(name)) target.removeAttribute(name);
    if (element instanceof SVGTitleElement) return;
    const look = getComputedStyle(element);
    if (look.display === 'none') gone.push(target);
    const styles = STYLES.flatMap((name) => styleOf(name, look.getPropertyValue(name), tokens));
    if (styles.length > 0) target.setAttribute('style', styles.join('; '));
  });
  for (const element of gone) element.remove();
  copy.setAttribute('role', 'img');
  copy.setAttribute('aria-label', chart.getAttribute('aria-label') ?? '');
  return visibleMarkup(new XMLSerializer().serializeToString(copy).replace(/<!--.*?-->/gs, ''));
}

const INTERACTIVE = /^(class|style|role|tabindex|aria-|data-)/;
const PLAIN: Readonly<Record<string, string>> = {
  stroke: 'none',
  'stroke-width': '1px',
  'stroke-dasharray': 'none',
  'font-size': '12px',
  'font-weight': '400',
  opacity: '1',
};

/** Nothing for what an element has anyway. */
function styleOf(name: string, value: string, tokens: ReadonlyMap<string, string>): readonly string[] {
  if (value === PLAIN[name] || (name === 'text-decoration' && value.startsWith('none'))) return [];
  const token = COLOURS.includes(name) ? tokens.get(value) : undefined;
  return [`${name}: ${token ? `var(--${token})` : value}`];
}

/** The page's own colours as computed styles write them. */
function tokenColours(): ReadonlyMap<string, string> {
  const probe = document.createElement('span');
  document.body.append(probe);
  const colours = Object.entries(TOKENS).map(([token, variable]): [string, string] => {
    probe.style.color = `var(${variable})`;
    return [getComputedStyle(probe).color, token];
  });
  probe.remove();
  return new Map(colours);
}
