/**
 * Keys of a chart whose parts can be chosen: one stop of the Tab key, arrows
 * among its parts, Enter or Space to choose. A part is an element with
 * `data-part`, the number of its row.
 */
export function onChartKey(event: KeyboardEvent): void {
  const chart = event.currentTarget;
  const from = event.target instanceof Element ? event.target.closest<SVGElement>('[data-part]') : null;
  if (!(chart instanceof Element) || !from) return;
  if (event.key === 'Enter' || event.key === ' ') {
    event.preventDefault();
    from.dispatchEvent(new MouseEvent('click', { bubbles: true }));
    return;
  }
  const parts = [...chart.querySelectorAll<SVGElement>('[data-part]')];
  const to = neighbour(parts, from, event.key);
  if (!to) return;
  event.preventDefault();
  for (const part of parts) part.setAttribute('tabindex', part === to ? '0' : '-1');
  to.focus();
}

function neighbour(parts: readonly SVGElement[], from: SVGElement, key: string): SVGElement | undefined {
  const at = parts.indexOf(from);
  switch (key) {
    case 'ArrowLeft':
      return parts[at - 1];
    case 'ArrowRight':
      return parts[at + 1];
    case 'ArrowUp':
      return across(parts, from, -1);
    case 'ArrowDown':
      return across(parts, from, 1);
    case 'Home':
      return parts[0];
    case 'End':
      return parts.at(-1);
    default:
      return undefined;
  }
}

/** In the next row the part that begins nearest. */
function across(parts: readonly SVGElement[], from: SVGElement, step: number): SVGElement | undefined {
  const row = String(Number(from.dataset['part']) + step);
  const left = from.getBoundingClientRect().left;
  const distance = (part: SVGElement) => Math.abs(part.getBoundingClientRect().left - left);
  return parts.filter((part) => part.dataset['part'] === row).sort((a, b) => distance(a) - distance(b))[0];
}

/** Attributes of the parts: only the first one of the chart is a stop of the Tab key at first. */
export function tabIndexes(): () => number {
  let first = true;
  return () => {
    const index = first ? 0 : -1;
    first = false;
    return index;
  };
}
