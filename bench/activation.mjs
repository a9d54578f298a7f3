// Prints how long the extension takes to activate in a real VS Code (code-server), as its own "Running Extensions" view says.
// Node 20 and Chromium; run after `npm run build`: npm run bench:activation
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { installExtension, startServer, workbenchUrl } from '../scripts/vscodeServer.mjs';

const RUNS = 5;

async function command(page, title) {
  const entry = page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
  for (let tries = 0; tries < 60 && !(await entry.isVisible()); tries++) {
    await page.keyboard.press('Escape');
    await page.keyboard.press('F1');
    await page.locator('.quick-input-widget input[type="text"]').first().fill(`>${title}`);
    await entry.waitFor({ timeout: 1000 }).catch(() => {}); // not listed yet: asked again
  }
  await entry.click();
}

async function activation() {
  const folder = mkdtempSync(join(tmpdir(), 'model-loupe-activation-'));
  const workspace = join(folder, 'samples');
  const userDataDir = join(folder, 'user-data');
  const extensionsDir = join(folder, 'extensions');
  mkdirSync(join(userDataDir, 'User'), { recursive: true });
  writeFileSync(join(userDataDir, 'User', 'settings.json'), JSON.stringify({ 'workbench.startupEditor': 'none' }));
  mkdirSync(workspace);
  installExtension(extensionsDir);
  const server = await startServer({ extensionsDir, userDataDir });
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 3000 } }); // tall: the list draws only what is in sight
    page.setDefaultTimeout(60_000);
    await page.goto(workbenchUrl(server, workspace));
    await page.locator('.monaco-workbench').waitFor();
    await page.waitForTimeout(5000); // VS Code's own extensions start meanwhile and would be in the figure
    // A command of ours activates the extension; the palette lists it once package.json has been read.
    await command(page, 'Model Loupe: Restart Engine');
    await command(page, 'Developer: Show Running Extensions');
    const row = page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'Model Loupe' });
    const text = await row.locator('.activation-time').first().textContent();
    return text?.replace('Activation:', '').trim() ?? '';
  } finally {
    await browser.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

for (let run = 1; run <= RUNS; run++) console.log(`activation ${run}/${RUNS}: ${await activation()} (target: below 50 ms)`);
