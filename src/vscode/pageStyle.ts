/**
 * What every webview page begins with. The view fills the page and scrolls
 * inside itself: what lies past its edge must not scroll the page under it,
 * whoever brings an element into sight.
 */
export const PAGE_STYLE =
  'html, body { height: 100%; margin: 0; padding: 0; overflow: clip; } body > * { display: block; position: relative; height: 100%; }';
