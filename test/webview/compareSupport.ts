import { mkdirSync, readFileSync } from 'node:fs';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { UserError } from '../../src/bytes';
import { createEngine } from '../../src/engine/engine';
import {
  type Channel,
  type CompareViewApi,
  type ComparisonSet,
  type Handlers,
  type HostEvent,
  type ModelReference,
  serve,
} from '../../src/protocol';
import { THEMES, type ThemeName } from './inferenceThemes';

const ORIGIN = 'http://view.test/';
const SCREENSHOTS = 'out/screenshots';

/** The comparison's bundle as esbuild.mjs makes it. */
export async function bundleCompare(): Promise<string> {
  const built = await build({
    entryPoints: ['webview/compare/main.ts'],
    bundle: true,
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    loader: { '.css': 'text' },
    tsconfig: 'tsconfig.webview.json',
    write: false,
  });
  return built.outputFiles[0]?.text ?? '';
}

/** What the view asked of its host. */
export interface CompareAsked {
  readonly counted: string[];
  readonly opened: string[];
  readonly copied: string[];
  readonly saved: { readonly name: string; readonly bytes: Uint8Array }[];
  readonly other: string[];
}

/** A host that answers from the real engine; the set changes as the person asks. */
export class CompareHost {
  readonly asked: CompareAsked = { counted: [], opened: [], copied: [], saved: [], other: [] };
  readonly handlers: Handlers<CompareViewApi>;
  private readonly engine = createEngine();
  private baseline = '';
  /** Set by `openCompare`. */
  changed: () => Promise<void> = async () => {};

  constructor(
    public models: readonly { readonly name: string; readonly reference: ModelReference; readonly error?: string }[],
    change: Partial<Handlers<CompareViewApi>> = {},
    private readonly title = 'variants.loupe.json',
  ) {
    this.handlers = {
      load: async () => this.set(),
      figures: async ({ model }, context) => {
        this.asked.counted.push(model);
        const { rows } = await this.engine.compare({ models: [this.reference(model)] }, context);
        if (!rows[0]?.figures) throw new UserError(rows[0]?.error ?? '');
        return rows[0].figures;
      },
      openModel: async ({ model }) => void this.asked.opened.push(model),
      addModels: async () => void this.asked.other.push('addModels'),
      remove: async ({ model }) => {
        this.models = this.models.filter(({ name }) => name !== model);
        await this.changed();
      },
      setBaseline: async ({ model }) => {
        this.baseline = model;
        await this.changed();
      },
      saveAs: async () => void this.asked.other.push('saveAs'),
      openText: async () => void this.asked.other.push('openText'),
      copy: async ({ text }) => void this.asked.copied.push(text),
      save: async (file) => void this.asked.saved.push(file),
      ...change,
    };
  }

  set(): ComparisonSet {
    return {
      title: this.title,
      untitled: !this.title.endsWith('.json'),
      models: this.models.map(({ name, reference, error = '' }) => ({
        id: name,
        name,
        detail: name,
        kind: reference.kind === 'architecture' ? 'architecture' : 'file',
        version: '1',
        error,
      })),
      baseline: this.baseline || (this.models[0]?.name ?? ''),
      error: '',
    };
  }

  private reference(id: string): ModelReference {
    const found = this.models.find(({ name }) => name === id);
    if (!found) throw new UserError(`There is no ${id}.`);
    return found.reference;
  }
}

export const sample = (name: string) => ({ name, reference: { kind: 'file', path: `samples/${name}` } as const });
export const variant = (name: string) => ({ name, reference: { kind: 'architecture', variant: name } as const });

export interface ComparePage {
  readonly page: Page;
  /** Uncaught errors, console errors and policy violations of the page. */
  readonly errors: string[];
  close(): Promise<void>;
}

export interface CompareOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
}

/** Opens the comparison's view in a page like VS Code's, with `host` as its host. */
export async function openCompare(browser: Browser, script: string, host: CompareHost, options: CompareOptions = {}): Promise<ComparePage> {
  const { theme = 'dark', width = 1280, height = 760 } = options;
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  let receive: (message: unknown) => void = () => {};
  const channel: Channel = {
    // A page that was closed while the host worked gets no answer.
    send: (message) => void page.evaluate((raw) => window.postMessage(JSON.parse(raw), '*'), JSON.stringify(message)).catch(() => {}),
    listen: (handler) => {
      receive = handler;
      return () => {};
    },
  };
  await page.exposeFunction('sendToHost', (raw: string) => receive(revive(raw)));
  await page.addInitScript(hostShim);
  await page.route(`${ORIGIN}**`, (route) => {
    const path = new URL(route.request().url()).pathname;
    if (path === '/') return route.fulfill({ contentType: 'text/html', body: pageOf(theme) });
    if (path === '/compare.js') return route.fulfill({ contentType: 'text/javascript', body: script });
    if (!path.startsWith('/codicon.')) return route.fulfill({ status: 404 });
    const body = readFileSync(`node_modules/@vscode/codicons/dist${path}`);
    return route.fulfill({ contentType: path.endsWith('.css') ? 'text/css' : 'font/ttf', body });
  });
  const stop = serve<CompareViewApi>(channel, host.handlers);
  const event: HostEvent = { type: 'changed' };
  host.changed = () => page.evaluate((message) => window.postMessage(message, '*'), { event });
  await page.goto(ORIGIN);
  return {
    page,
    errors,
    close: async () => {
      stop();
      await context.close();
    },
  };
}

/** The same policy and structure as the extension host's page. */
function pageOf(theme: ThemeName): string {
  const { kind, variables } = THEMES[theme];
  const style = Object.entries(variables)
    .map(([name, value]) => `--vscode-${name}: ${value}`)
    .join('; ');
  const policy = `default-src 'none'; script-src 'nonce-n'; style-src ${ORIGIN} 'unsafe-inline'; font-src ${ORIGIN}; img-src ${ORIGIN} blob: data:`;
  return `<!DOCTYPE html><html style="${style.replaceAll('"', '&quot;')}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="codicon.css">
<style>html, body { height: 100%; margin: 0; padding: 0; overflow: hidden; } body > * { display: block; height: 100%; }</style></head>
<body class="${kind}" data-vscode-theme-kind="${kind}"><compare-view></compare-view>
<script type="module" nonce="n" src="compare.js"></script></body></html>`;
}

/** Runs in the page before its script: VS Code's API; bytes cross as lists of numbers. */
function hostShim(): void {
  const send = (globalThis as unknown as { sendToHost(raw: string): void }).sendToHost;
  let state: unknown = null;
  const pack = (_key: string, value: unknown) => (value instanceof Uint8Array ? { $bytes: [...value] } : value);
  Object.assign(globalThis, {
    acquireVsCodeApi: () => ({
      postMessage: (message: unknown) => send(JSON.stringify(message, pack)),
      getState: () => state,
      setState: (next: unknown) => {
        state = next;
      },
    }),
  });
}

function revive(raw: string): unknown {
  return JSON.parse(raw, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && '$bytes' in value ? Uint8Array.from(value.$bytes as number[]) : value,
  );
}

/** Saves a picture of the page for people to look at. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: `${SCREENSHOTS}/webview-compare-${name}.png` });
}
