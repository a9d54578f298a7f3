import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { InferencePage } from './inferencePage';
import { listing, UNAVAILABLE, useWorkbench, type Workbench } from './support';

describe.skipIf(UNAVAILABLE !== '')('files that are not what they say', () => {
  let workbench: Workbench;
  useWorkbench((started) => {
    workbench = started;
    const { workspace } = workbench;
    const hybrid = readFileSync(join(workspace, 'hybrid.onnx'));
    writeFileSync(join(workspace, 'empty.onnx'), '');
    writeFileSync(join(workspace, 'text.onnx'), 'This is a shopping list: bread, milk, eggs.\n'.repeat(20));
    writeFileSync(join(workspace, 'truncated.onnx'), hybrid.subarray(0, hybrid.length / 2));
    writeFileSync(join(workspace, 'images', 'text.png'), 'no image\n');
    writeFileSync(join(workspace, 'images', 'truncated.png'), readFileSync(join(workspace, 'images', 'star_01.png')).subarray(0, 400));
  });
  beforeEach(() => workbench.closeEditors());

  for (const name of ['empty.onnx', 'text.onnx', 'truncated.onnx']) {
    test(`${name} gives one sentence in the editor`, async () => {
      const before = listing(workbench.workspace);
      await workbench.openFile(name);
      const view = await workbench.view('model-view');
      const message = view.locator('.error-state p');
      await message.waitFor();
      expectSentence((await message.allTextContents()).map((text) => text.trim()));
      await workbench.shot(`bad-${name.replace('.onnx', '')}`);
      expect(listing(workbench.workspace)).toEqual(before);
    });
  }

  for (const name of ['text.png', 'truncated.png']) {
    test(`${name} gives one sentence in the inference panel`, async () => {
      await workbench.expand('images');
      await workbench.contextMenu(name, 'Run Inference on Image');
      await workbench.pick('hybrid.onnx');
      const view = await workbench.view('inference-view');
      const message = view.locator('.error-state p');
      await message.waitFor();
      expectSentence((await message.allTextContents()).map((text) => text.trim()));
      await workbench.shot(`bad-image-${name.replace('.png', '')}`);
    });
  }

  test('a bad model that is run gives one sentence as well', async () => {
    await workbench.expand('images');
    await workbench.contextMenu('star_01.png', 'Run Inference on Image');
    await workbench.pick('truncated.onnx');
    const message = (await workbench.view('inference-view')).locator('.error-state p');
    await message.waitFor();
    expectSentence((await message.allTextContents()).map((text) => text.trim()));
  });

  test('the extension keeps working, and a model that was mended opens', async () => {
    const page = await InferencePage.run(workbench, 'star_01.png', 'hybrid.onnx');
    expect((await page.answers())[0]?.label).toBe('star');
    await workbench.closeEditors();
    await workbench.openFile('truncated.onnx');
    const view = await workbench.view('model-view');
    await view.locator('.error-state').waitFor();
    copyFileSync(join(workbench.workspace, 'hybrid.onnx'), join(workbench.workspace, 'truncated.onnx'));
    await view.locator('.error-state').waitFor({ state: 'detached' });
    expect(workbench.engines()).toHaveLength(1);
  });
});

/** One message, one plain sentence that may begin with the file's name: no stack, no class name, no unfinished phrase. */
function expectSentence(messages: readonly string[]): void {
  expect(messages).toHaveLength(1);
  expect(messages[0]).toMatch(/^([A-Z"'\u2018\u201c]|\S+\.(onnx|png) ).{8,}\.$/);
  expect(messages[0]).not.toMatch(/\n|undefined|NaN|\[object|Error:|\bat .*:\d+:\d+/);
}
