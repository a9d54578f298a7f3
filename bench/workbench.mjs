// A real VS Code (code-server) on a folder, and a browser to drive it, for the benches that measure in one.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { installExtension, startServer, workbenchUrl } from '../scripts/vscodeServer.mjs';

const SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'git.enabled': false,
};

/** Opens a window on an empty workspace that `fill` may put files into, gives it to `use`, and ends everything. */
export async function inWorkbench({ width = 1400, height = 900, fill = () => {} }, use) {
  const folder = mkdtempSync(join(tmpdir(), 'model-loupe-bench-'));
  const workspace = join(folder, 'workspace');
  const userDataDir = join(folder, 'user-data');
  const extensionsDir = join(folder, 'extensions');
  mkdirSync(join(userDataDir, 'User'), { recursive: true });
  writeFileSync(join(userDataDir, 'User', 'settings.json'), JSON.stringify(SETTINGS));
  mkdirSync(workspace);
  fill(workspace);
  installExtension(extensionsDir);
  const server = await startServer({ extensionsDir, userDataDir });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage({ viewport: { width, height } });
    page.setDefaultTimeout(120_000);
    return await use({ page, open: () => page.goto(workbenchUrl(server, workspace)) });
  } finally {
    await browser.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Runs a command from the palette, as soon as the palette lists it. */
export async function command(page, title) {
  const entry = page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
  for (let tries = 0; tries < 60 && !(await entry.isVisible()); tries++) {
    await page.keyboard.press('Escape');
    await page.keyboard.press('F1');
    await page.locator('.quick-input-widget input[type="text"]').first().fill(`>${title}`);
    await entry.waitFor({ timeout: 1000 }).catch(() => {}); // not listed yet: asked again
  }
  await entry.click();
}
