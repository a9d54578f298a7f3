import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { CheckpointPage } from './checkpointPage';
import { FamilyPage } from './familyPage';
import { InferencePage } from './inferencePage';
import { ModelPage } from './modelPage';
import { PATIENCE, pictureOfFailures, THEMES, type ThemeName, UNAVAILABLE, until, Workbench } from './support';

const SIZES = [
  { name: 'large', width: 1400, height: 900 },
  { name: 'small', width: 900, height: 640 },
] as const;

/** Pictures of every view for a person to look at, and what a machine can see of them: nothing reaches past the edge. */
describe.skipIf(UNAVAILABLE !== '')('looks', () => {
  let workbench: Workbench | undefined;
  // Hooks run in reverse order: the picture is taken before the window is closed.
  afterEach(async () => {
    await workbench?.stop();
  });
  pictureOfFailures(() => workbench);

  for (const theme of Object.keys(THEMES) as ThemeName[]) {
    test(`${THEMES[theme]}, at two window sizes`, async () => {
      workbench = await Workbench.start({ theme, ...SIZES[0] });
      const model = await ModelPage.open(workbench, 'hybrid.onnx');
      await expect.poll(() => model.colours(), { timeout: PATIENCE }).toBeGreaterThan(8);
      for (const tab of ['Graph', 'Profile', 'Tensors', 'Attention'] as const) {
        await model.tab(tab);
        await atEverySize(workbench, model.frame, `${theme}-${tab.toLowerCase()}`);
      }
      await workbench.closeEditors();
      const checkpoint = await CheckpointPage.open(workbench, 'vit.pt');
      for (const tab of ['Modules', 'Health', 'Trust', 'Tensors'] as const) {
        await checkpoint.tab(tab);
        if (tab === 'Tensors') {
          await checkpoint.select('patch_embedding.weight');
          await checkpoint.frame.locator('heat-canvas canvas').waitFor();
        }
        await atEverySize(workbench, checkpoint.frame, `${theme}-checkpoint-${tab.toLowerCase()}`);
      }
      await workbench.closeEditors();
      for (const [name, image] of [
        ['vit', 'heart_01.png'],
        ['conv', 'ring_01.png'],
      ] as const) {
        const inference = await InferencePage.run(workbench, image, `${name}.onnx`);
        if (name !== 'conv') await inference.settled();
        await atEverySize(workbench, inference.frame, `${theme}-inference-${name}`);
        await workbench.closeEditors();
      }
      const family = await FamilyPage.open(workbench, 'AA-ResNet');
      await family.counted();
      await atEverySize(workbench, family.frame, `${theme}-family`);
      await workbench.closeEditors();
      await comparison(workbench, theme);
    });
  }
});

const COMPARED = ['ResNet-50', 'AA-ResNet-50', 'CoAtNet-0 @224, stride in first 1x1', 'ViT-S/16 @224', 'Swin-T'];

/** The comparison from its table down to what changed. */
async function comparison(workbench: Workbench, theme: ThemeName): Promise<void> {
  const models = [...COMPARED.map((architecture) => ({ architecture })), 'hybrid.onnx'];
  writeFileSync(join(workbench.workspace, 'models.loupe.json'), JSON.stringify({ models }));
  await workbench.command('View: Show Explorer');
  await workbench.openFile('models.loupe.json');
  const view = await workbench.view('compare-view');
  await expect.poll(() => view.locator('.compare-table tbody tr:has(.figure)').count(), { timeout: PATIENCE }).toBe(models.length);
  await atEverySize(workbench, view, `${theme}-compare`);
  const curves = async () => {
    await view.locator('[data-curve="ResNet-50"]').waitFor();
    await until('every curve is counted', async () => (await view.locator('.curves-counting').count()) === 0);
  };
  const changes = () => view.locator('diff-section tr[data-change]').first().waitFor();
  for (const { name, at, shown } of [
    { name: 'curves', at: 'compare-curves', shown: curves },
    { name: 'stages', at: '#stages-title', shown: async () => {} },
    { name: 'diff', at: 'diff-section', shown: changes },
  ]) {
    await view.locator(at).evaluate((element) => element.scrollIntoView({ block: 'start' }));
    await shown();
    await atEverySize(workbench, view, `${theme}-compare-${name}`);
  }
}

async function atEverySize(workbench: Workbench, frame: Frame, name: string): Promise<void> {
  for (const size of [...SIZES].reverse()) {
    await workbench.page.setViewportSize(size);
    await expect.poll(() => laidOut(frame), { timeout: PATIENCE }).toBe(true);
    await workbench.shot(`${name}-${size.name}`);
    const past = await frame.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(past, `${name} at ${size.width} x ${size.height}: pixels past the right edge`).toBeLessThanOrEqual(0);
    const scrolled = await frame.evaluate(() => document.documentElement.scrollTop + document.body.scrollTop);
    expect(scrolled, `${name} at ${size.width} x ${size.height}: pixels that the page scrolled under its view`).toBe(0);
  }
}

/** True when the view has the size that the workbench gives it and has drawn itself since. */
async function laidOut(frame: Frame): Promise<boolean> {
  const area = await (await frame.frameElement()).boundingBox();
  const inside = await frame.evaluate(
    () => new Promise<number[]>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done([innerWidth, innerHeight])))),
  );
  const after = await (await frame.frameElement()).boundingBox();
  const same = area?.width === after?.width && area?.height === after?.height;
  return same && Math.round(area?.width ?? 0) === inside[0] && Math.round(area?.height ?? 0) === inside[1];
}
