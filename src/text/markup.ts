import { visible } from './visible';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/**
 * Text as content of HTML or XML (SVG), or as the value of an attribute in
 * quotes. Control characters are shown, because XML has no way to hold them.
 */
export function escapeMarkup(text: string): string {
  return visible(text).replace(/[&<>"']/g, (mark) => ENTITIES[mark] ?? mark);
}
