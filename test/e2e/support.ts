import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Browser, chromium, type Frame, type Locator, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
// @ts-expect-error: a plain script that `npm start` uses too; its functions are typed where they are called.
import { installExtension, startServer, workbenchUrl } from '../../scripts/vscodeServer.mjs';
import { allProcesses } from './processes';

export const ROOT = resolve(import.meta.dirname, '../..');
export const SAMPLES = join(ROOT, 'samples');
export const SCREENSHOTS = join(ROOT, 'out', 'screenshots');

/** How long a thing may take to appear on a machine with one busy core, in milliseconds. */
export const PATIENCE = 60_000;

interface Server {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

const BROWSERS = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const browserPath = BROWSERS.find((path) => path !== undefined && existsSync(path));

/** Why the end-to-end tests cannot run here; `''` when they can. */
export const UNAVAILABLE =
  process.platform === 'win32' ? 'code-server does not run on Windows' : browserPath ? '' : 'no Chromium was found (set CHROMIUM_PATH)';
if (UNAVAILABLE) process.stderr.write(`End-to-end tests are skipped: ${UNAVAILABLE}.\n`);

export const THEMES = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  'high-contrast': 'Default High Contrast',
} as const;
export type ThemeName = keyof typeof THEMES;

export type ViewElement = 'model-view' | 'checkpoint-view' | 'checkpoint-diff-view' | 'inference-view' | 'compare-view' | 'family-view';

/** Something that a view shows. */
export interface ViewPart {
  readonly selector: string;
  readonly text: string;
}

const SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  // Where trust is asked for at all, the folder stays untrusted and nobody is asked.
  'security.workspace.trust.startupPrompt': 'never',
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'window.confirmBeforeClose': 'never',
  'git.enabled': false,
};

export interface WorkbenchOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  /** True opens the folder in Restricted Mode. */
  readonly restricted?: boolean;
}

/** VS Code on a copy of the samples, with the built extension in it, and a browser to drive it. */
export class Workbench {
  private constructor(
    readonly page: Page,
    /** The workspace folder: nobody else's, thrown away at the end. */
    readonly workspace: string,
    private readonly server: Server,
    private readonly browser: Browser,
    private readonly folder: string,
    private readonly printed: string[],
  ) {}

  static async start(options: WorkbenchOptions = {}): Promise<Workbench> {
    const folder = mkdtempSync(join(tmpdir(), 'model-loupe-e2e-'));
    const workspace = join(folder, 'samples');
    const userDataDir = join(folder, 'user-data');
    const extensionsDir = join(folder, 'extensions');
    cpSync(SAMPLES, workspace, { recursive: true, filter: (path) => !path.includes('__pycache__') });
    mkdirSync(join(userDataDir, 'User'), { recursive: true });
    installExtension(extensionsDir);
    const { theme = 'dark', width = 1400, height = 900, restricted = false } = options;
    const settings = { ...SETTINGS, 'workbench.colorTheme': THEMES[theme], 'security.workspace.trust.enabled': restricted };
    writeFileSync(join(userDataDir, 'User', 'settings.json'), JSON.stringify(settings));
    const printed: string[] = [];
    const server: Server = await startServer({
      extensionsDir,
      userDataDir,
      output: (text: string) => printed.push(text),
      trust: restricted,
    });
    const browser = await chromium.launch({
      ...(browserPath ? { executablePath: browserPath } : {}),
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-sync'],
    });
    const page = await browser.newPage({ viewport: { width, height } });
    page.setDefaultTimeout(PATIENCE);
    const workbench = new Workbench(page, workspace, server, browser, folder, printed);
    try {
      await page.goto(workbenchUrl(server, workspace));
      await workbench.row('hybrid.onnx').waitFor();
      await workbench.extensionIsKnown();
      await workbench.editorsAreKnown();
    } catch (error) {
      await workbench.shot('failed-to-start');
      await workbench.stop();
      throw error;
    }
    return workbench;
  }

  /** Ends the browser, the server with all its processes, and the temporary folder; a second call does nothing. */
  async stop(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** What the server has printed so far, for the message of a failing test. */
  log(): string {
    return this.printed.join('');
  }

  row(name: string): Locator {
    return this.page.locator('.explorer-folders-view').getByRole('treeitem', { name, exact: true });
  }

  /** The palette lists our commands only once the workbench has read the extension's package.json. */
  private async extensionIsKnown(): Promise<void> {
    const entry = this.page.locator('.quick-input-list .monaco-list-row', { hasText: 'Model Loupe: Restart Engine' });
    await until('the palette lists our commands', async () => {
      await this.openPalette('Model Loupe: Restart Engine');
      // A palette that is open does not learn of new commands: it is given a second, then opened anew.
      return entry.waitFor({ timeout: 1000 }).then(
        () => true,
        () => false,
      );
    });
    await this.closePalette();
  }

  /**
   * The workbench makes its list of contributed editors when it is first idle, which may be long after it knows our commands; until
   * then every file opens as text. VS Code's own image preview is on the same list: it is there when a picture opens in it.
   */
  private async editorsAreKnown(): Promise<void> {
    const preview = this.page.locator('iframe.webview');
    await this.expand('images');
    await until('pictures open in the image preview', async () => {
      await this.openFile('circle_01.png');
      await preview.or(this.page.locator('.monaco-editor-pane-placeholder')).first().waitFor();
      const known = (await preview.count()) > 0;
      await this.closeEditors();
      return known;
    });
    await this.collapse('images');
  }

  /** Opens the palette with this text in it; anything that takes the focus meanwhile, such as an editor that opens, closes it again. */
  private async openPalette(text: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input[type="text"]').first();
    await until(`the palette holds ${text}`, async () => {
      await this.closePalette();
      await this.page.keyboard.press('F1');
      return input.fill(`>${text}`, { timeout: 5000 }).then(
        () => true,
        () => false,
      );
    });
  }

  private async closePalette(): Promise<void> {
    const widget = this.page.locator('.quick-input-widget');
    if (await widget.isVisible()) await this.page.keyboard.press('Escape');
    await widget.waitFor({ state: 'hidden' });
  }

  /** Runs a command from the palette by its full title. */
  async command(title: string): Promise<void> {
    const entry = this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: title }).first();
    await until(`${title} is chosen in the palette`, async () => {
      await this.openPalette(title);
      return entry.click({ timeout: 5000 }).then(
        () => true,
        () => false,
      );
    });
  }

  /** Picks the entry of an open quick pick whose label is `label`. */
  async pick(label: string): Promise<void> {
    await this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: label }).first().click();
  }

  async closeEditors(): Promise<void> {
    await this.command('View: Close All Editors');
    await until('all editors are closed', async () => (await this.page.locator('.editor-group-container .tab').count()) === 0);
  }

  /** Right-clicks a row of the Explorer and chooses an entry of the menu. */
  async contextMenu(row: string, entry: string): Promise<void> {
    await this.row(row).click({ button: 'right' });
    await this.menuEntry(entry);
  }

  /** Chooses an entry of the open menu. */
  async menuEntry(entry: string): Promise<void> {
    const item = this.page.getByRole('menuitem', { name: entry });
    await item.waitFor();
    // For a moment after it opened, a menu takes no release of a button, lest the right click itself chose something.
    await until(`the menu took ${entry}`, async () => {
      await item.click({ timeout: 1000 }).catch(() => {}); // closed already, which is what is waited for
      return !(await item.isVisible());
    });
  }

  /** Chooses an entry behind the three dots of the editor in front. */
  async titleMenu(entry: string): Promise<void> {
    await this.page.locator('.editor-group-container.active .editor-actions').getByRole('button', { name: 'More Actions...' }).click();
    await this.menuEntry(entry);
  }

  /** Answers the open file dialog, which is a quick pick where the workbench runs in a browser. */
  async answerDialog(path: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input[type="text"]').first();
    // With the entries of its first folder the dialog writes that folder's path over whatever was typed before.
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: '..' }).first().waitFor();
    await input.fill(path);
    await until(`the dialog took ${path}`, async () => (await input.inputValue()) === path);
    await this.page.locator('.quick-input-widget').getByRole('button', { name: 'OK' }).click();
  }

  async openFile(name: string): Promise<void> {
    await this.row(name).dblclick();
  }

  /** Opens a folder of the Explorer if it is closed. */
  expand(name: string): Promise<void> {
    return this.fold(name, 'true');
  }

  collapse(name: string): Promise<void> {
    return this.fold(name, 'false');
  }

  private async fold(name: string, expanded: 'true' | 'false'): Promise<void> {
    const isSo = async () => (await this.row(name).getAttribute('aria-expanded')) === expanded;
    if (!(await isSo())) await this.row(name).click();
    await until(`${name} has aria-expanded ${expanded} in the Explorer`, isSo);
  }

  /**
   * The page of the webview in sight with this element, and with `text` in the part that `selector` names: right after a file was
   * opened, the editor of another may still be in sight.
   */
  async view(element: ViewElement, part?: ViewPart): Promise<Frame> {
    let found: Frame | undefined;
    await until(`${element} ${part ? `with ${part.text} ` : ''}is visible`, async () => {
      for (const frame of this.page.frames()) if (await shows(frame, element, part)) found = frame;
      return found !== undefined;
    });
    if (!found) throw new Error(`No frame shows ${element}.`);
    return found;
  }

  /** A picture of the whole window in out/screenshots/, kept by CI. */
  async shot(name: string): Promise<void> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await this.page.screenshot({ path: join(SCREENSHOTS, `e2e-${name}.png`) });
  }

  /** Process ids of the engine: descendants of this server that run dist/engine.cjs. */
  engines(): number[] {
    return this.processes()
      .filter(({ command }) => command.includes('engine.cjs'))
      .map(({ pid }) => pid);
  }

  /** The server and everything it started. */
  processes(): { readonly pid: number; readonly command: string }[] {
    const processes = allProcesses();
    const ours = new Set([this.server.pid]);
    // Parents may be listed after their children: repeat until nothing is added.
    for (let before = 0; before !== ours.size; ) {
      before = ours.size;
      for (const { pid, parent } of processes) if (ours.has(parent)) ours.add(pid);
    }
    return processes.filter(({ pid }) => ours.has(pid));
  }
}

/** One window for the tests of a suite: opened before the first, given to `started`, closed after the last. */
export function useWorkbench(started: (workbench: Workbench) => void | Promise<void>, options: WorkbenchOptions = {}): void {
  let workbench: Workbench | undefined;
  beforeAll(async () => {
    workbench = await Workbench.start(options);
    await started(workbench);
  });
  afterAll(async () => {
    await workbench?.stop();
  });
  pictureOfFailures(() => workbench);
}

/** Keeps a picture of the window whenever a test of this file fails. */
export function pictureOfFailures(workbench: () => Workbench | undefined): void {
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await workbench()?.shot(`failed-${task.name.replace(/[^a-z0-9]+/gi, '-').slice(0, 60)}`);
  });
}

/** Waits for a condition; unlike vitest's `expect.poll` it may be used in hooks too. */
export async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE; !(await condition()); await delay(50)) {
    if (Date.now() > end) throw new Error(`Waited ${PATIENCE / 1000} s in vain until ${what}.`);
  }
}

async function shows(frame: Frame, element: string, part?: ViewPart): Promise<boolean> {
  try {
    if (!(await frame.locator(element).isVisible()) || !(await isInSight(frame))) return false;
    return !part || (await frame.locator(part.selector).filter({ hasText: part.text }).count()) > 0;
  } catch {
    return false; // the frame went away while it was asked
  }
}

/** A webview that is behind another tab is visible to itself: VS Code hides the frame around it. */
async function isInSight(frame: Frame): Promise<boolean> {
  for (let inner: Frame | null = frame; inner?.parentFrame(); inner = inner.parentFrame()) {
    if (!(await (await inner.frameElement()).isVisible())) return false;
  }
  return true;
}

/** Every file of a folder with its size and time of change, to see that nothing was written. */
export function listing(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => {
      const { size, mtimeMs } = statSync(join(folder, name));
      return `${name} ${size} ${mtimeMs}`;
    })
    .sort();
}
