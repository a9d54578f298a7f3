import { visible, visibleJson } from './visible';

/** A name that no reader takes for anything else: no space, quote, comma or bracket, nothing unseen, and not what stands for none. */
const BARE = /^(?!-$)[^\s"\\,()[\]{}\u200c\u200d]+$/u;

/**
 * A name in text that is compared line by line. Two names never give one text: one that is empty, could be read as
 * punctuation or holds what is not seen stands in quotes.
 */
export function nameText(name: string): string {
  return BARE.test(name) && visible(name) === name ? name : quotedText(name);
}

/** Any text in double quotes on one line, with JSON's escapes for all that is not seen. */
export function quotedText(text: string): string {
  return visibleJson(JSON.stringify(text)).replace(/[\u200c\u200d]/g, (joiner) => `\\u${joiner.charCodeAt(0).toString(16)}`);
}
