import { html, type TemplateResult } from 'lit';
import { type Copier, copyable } from './copyText';

/** What a figure's tooltip says, and a click on it copies. */
export interface ExactFigure {
  readonly exact: string;
  /** Follows the exact figure in the tooltip. */
  readonly note?: string;
}

/** A value and its unit, or a mark, a value and its unit, with thin spaces between them in `figure`; `unit` follows. */
export function headerFigure(store: Copier, figure: string, unit: string, { exact, note = '' }: ExactFigure): TemplateResult {
  const [first = '', ...rest] = figure.split('\u2009');
  const [value, suffix] = first === '\u2265' ? [`${first}\u2009${rest[0] ?? ''}`, rest.slice(1)] : [first, rest];
  const tail = [...suffix, unit].filter((part) => part !== '').join(' ');
  return copyable(
    store,
    html`${value}\u2009<span class="description">${tail}</span>`,
    exact.replace(/[^\d.]/g, ''),
    [`${exact} ${unit}`.trim(), note].filter((line) => line !== ''),
  );
}
