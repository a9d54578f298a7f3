import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { logLines, messageText, notificationText } from '../../../src/text';

/** What VS Code makes a link of in a notification (src/vs/base/common/linkedText.ts, 1.139). */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;

describe('messages', () => {
  it('stand on one line in which every character is seen, however long the names in them', () => {
    expect(messageText('a\n\x1b[31m\u202eb')).toBe('a\\n\\x1b[31m\\u202eb');
    expect(messageText('x'.repeat(1_000_000)).length).toBe(2000);
  });

  it('make no links of names in a notification', () => {
    for (const name of ['[open](command:workbench.action.quit)', '[a](https://example.org "b").onnx', '[a]\u200b(command:b)']) {
      expect(LINK.test(`${name} cannot be read.`.replaceAll('\u200b', ''))).toBe(true);
      expect(LINK.test(notificationText(`${name} cannot be read.`))).toBe(false);
    }
    expect(notificationText('Saved m.onnx (2 MB), input [1, 3].')).toBe('Saved m.onnx (2 MB), input [1, 3].');
  });

  it('become lines of a log, none of them forged by what they quote', () => {
    expect(logLines('one\r\ntwo\x1b[2J\rthree\n')).toEqual(['one', 'two\\x1b[2J\\rthree']);
  });

  it('reach the person through `notify` alone', () => {
    const files = readdirSync('src/vscode').filter((name) => name !== 'notify.ts');
    const found = files.filter((name) => /show(?:Error|Warning|Information)Message/.test(readFileSync(join('src/vscode', name), 'utf8')));
    expect(found).toEqual([]);
  });
});
