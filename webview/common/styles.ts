/// <reference path="./css.d.ts" />
const adopted = new Set<string>();

/** Adds a style sheet's text to the page, once however often it is asked for. Constructed sheets need no CSP exception. */
export function adoptStyles(text: string): void {
  if (adopted.has(text)) return;
  adopted.add(text);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
