import { shortened, visible } from './visible';

/** Characters of one message: names of any length are quoted in it. */
export const MESSAGE = 2000;

/** A message on one line, in which every character is seen. */
export function messageText(message: string): string {
  return shortened(visible(message), MESSAGE);
}

/** A message for a notification of VS Code, which makes `[text](command:...)` a link to a command: from a name it stays text. */
export function notificationText(message: string): string {
  return messageText(message).replace(/\](?=\()/g, '] ');
}

/** Lines for a log: what a process printed, or the stack of an error. */
export function logLines(text: string): readonly string[] {
  return text.trimEnd().split(/\r?\n/).map(messageText);
}
