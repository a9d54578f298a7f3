import { mkdirSync, readFileSync } from 'node:fs';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { type Channel, type Handlers, type HostEvent, type ModelViewApi, serve } from '../../../src/protocol';
import { THEMES, type ThemeName } from '../inferenceThemes';

const ORIGIN = 'http://view.test/';
const SCREENSHOTS = 'out/screenshots';

/** Further variables of the same themes that this view reads. */
const MORE: Readonly<Record<ThemeName, Readonly<Record<string, string>>>> = {
  dark: {
    'panelTitle-activeForeground': '#cccccc',
    'panelTitle-inactiveForeground': '#9d9d9d',
    'panelTitle-activeBorder': '#0078d4',
    'list-inactiveSelectionBackground': '#37373d',
    'editorWarning-foreground': '#cca700',
    'toolbar-hoverBackground': '#5a5d5e50',
    'editor-findMatchHighlightBackground': '#ea5c0055',
    'editorHoverWidget-background': '#202020',
    'editorHoverWidget-border': '#454545',
  },
  light: {
    'panelTitle-activeForeground': '#3b3b3b',
    'panelTitle-inactiveForeground': '#3b3b3b',
    'panelTitle-activeBorder': '#005fb8',
    'list-inactiveSelectionBackground': '#e4e6f1',
    'editorWarning-foreground': '#bf8803',
    'toolbar-hoverBackground': '#b8b8b850',
    'editor-findMatchHighlightBackground': '#ea5c0055',
    'editorHoverWidget-background': '#f8f8f8',
    'editorHoverWidget-border': '#c8c8c8',
  },
  hc: {
    'panelTitle-activeForeground': '#ffffff',
    'panelTitle-inactiveForeground': '#ffffff',
    'panelTitle-activeBorder': '#6fc3df',
    'editorWarning-foreground': '#ffd370',
    'editorHoverWidget-background': '#0c141f',
    'editorHoverWidget-border': '#6fc3df',
  },
};

/** The model editor's bundle as esbuild.mjs makes it. */
export async function bundleModelView(): Promise<string> {
  const built = await build({
    entryPoints: ['webview/model/main.ts'],
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

export interface ModelViewOptions {
  readonly browser: Browser;
  readonly script: string;
  readonly handlers: Handlers<ModelViewApi>;
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  /** What an earlier life of the view has kept under `model`. */
  readonly state?: Readonly<Record<string, unknown>>;
  readonly scale?: number;
  readonly reducedMotion?: boolean;
}

export interface ModelPage {
  readonly page: Page;
  /** Uncaught errors, console errors and policy violations of the page. */
  readonly errors: string[];
  tell(event: HostEvent): Promise<void>;
  /** What the view has kept for its next life. */
  kept(): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

/** Opens the model editor's view in a page like VS Code's, with `handlers` as its host. */
export async function openModelView(options: ModelViewOptions): Promise<ModelPage> {
  const { browser, theme = 'dark', width = 1280, height = 760 } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: options.scale ?? 1,
    reducedMotion: options.reducedMotion === false ? 'no-preference' : 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
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
  await page.addInitScript(hostShim, options.state ? { model: options.state } : null);
  await page.route(`${ORIGIN}**`, (route) => {
    const path = new URL(route.request().url()).pathname;
    if (path === '/') return route.fulfill({ contentType: 'text/html', body: pageOf(theme) });
    if (path === '/model.js') return route.fulfill({ contentType: 'text/javascript', body: options.script });
    if (!path.startsWith('/codicon.')) return route.fulfill({ status: 404 });
    const body = readFileSync(`node_modules/@vscode/codicons/dist${path}`);
    return route.fulfill({ contentType: path.endsWith('.css') ? 'text/css' : 'font/ttf', body });
  });
  const stop = serve<ModelViewApi>(channel, options.handlers);
  await page.goto(ORIGIN);
  return {
    page,
    errors,
    tell: (event) => page.evaluate((message) => window.postMessage(message, '*'), { event }),
    kept: () =>
      page.evaluate(() => (JSON.parse(sessionStorage.getItem('state') ?? '{}') as { model?: Record<string, unknown> }).model ?? {}),
    close: async () => {
      stop();
      await context.close();
    },
  };
}

/** The same policy and structure as the extension host's page. */
function pageOf(theme: ThemeName): string {
  const { kind, variables } = THEMES[theme];
  const style = Object.entries({ ...variables, ...MORE[theme] })
    .map(([name, value]) => `--vscode-${name}: ${value}`)
    .join('; ');
  const policy = `default-src 'none'; script-src 'nonce-n'; style-src ${ORIGIN} 'unsafe-inline'; font-src ${ORIGIN}; img-src ${ORIGIN} blob: data:`;
  return `<!DOCTYPE html><html style="${style.replaceAll('"', '&quot;')}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="codicon.css">
<style>html, body { height: 100%; margin: 0; padding: 0; overflow: hidden; } body > * { display: block; height: 100%; }</style></head>
<body class="${kind}" data-vscode-theme-kind="${kind}"><model-view></model-view>
<script type="module" nonce="n" src="model.js"></script></body></html>`;
}

/** Runs in the page before its script: VS Code's API; bytes cross as lists of numbers. */
function hostShim(kept: unknown): void {
  const send = (globalThis as unknown as { sendToHost(raw: string): void }).sendToHost;
  let state = kept;
  const pack = (_key: string, value: unknown) => (value instanceof Uint8Array ? { $bytes: [...value] } : value);
  Object.assign(globalThis, {
    acquireVsCodeApi: () => ({
      postMessage: (message: unknown) => send(JSON.stringify(message, pack)),
      getState: () => state,
      setState: (next: unknown) => {
        state = next;
        sessionStorage.setItem('state', JSON.stringify(next));
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
  await page.screenshot({ path: `${SCREENSHOTS}/webview-model-${name}.png` });
}
