import { mkdirSync, readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type Channel, type Handlers, type HostEvent, type InferenceViewApi, serve } from '../../src/protocol';
import { THEMES, type ThemeName } from './inferenceThemes';

const ORIGIN = 'http://view.test/';
const SCREENSHOTS = 'out/screenshots';

/** The inference bundle as esbuild.mjs makes it. */
export async function bundle(): Promise<string> {
  const built = await build({
    entryPoints: ['webview/inference/main.ts'],
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

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface ViewOptions {
  readonly browser: Browser;
  readonly script: string;
  readonly handlers: Handlers<InferenceViewApi>;
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  /** What an earlier life of the view has kept. */
  readonly state?: unknown;
  readonly scale?: number;
}

export interface View {
  readonly page: Page;
  /** Errors and policy violations of the page. */
  readonly errors: string[];
  tell(event: HostEvent): Promise<void>;
  state(): Promise<unknown>;
}

/** Opens the inference view in a page like VS Code's, with `handlers` as its host. */
export async function openView(options: ViewOptions): Promise<View> {
  const { browser, theme = 'dark', width = 1280, height = 800 } = options;
  const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: options.scale ?? 1 });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  let receive: (message: unknown) => void = () => {};
  const channel: Channel = {
    // A page that was closed while the host worked gets no answer.
    send: (message) => void page.evaluate((raw) => window.postMessage(JSON.parse(raw, revive), '*'), encode(message)).catch(() => {}),
    listen: (handler) => {
      receive = handler;
      return () => {};
    },
  };
  await page.exposeFunction('sendToHost', (raw: string) => receive(decode(raw)));
  await page.addInitScript(hostShim, options.state ?? null);
  await page.route(`${ORIGIN}**`, (route) => {
    const path = new URL(route.request().url()).pathname;
    if (path === '/') return route.fulfill({ contentType: 'text/html', body: pageOf(theme) });
    if (path === '/inference.js') return route.fulfill({ contentType: 'text/javascript', body: options.script });
    const icons = path.startsWith('/codicon.') ? readFileSync(`node_modules/@vscode/codicons/dist${path}`) : null;
    if (!icons) return route.fulfill({ status: 404 });
    return route.fulfill({ contentType: path.endsWith('.css') ? 'text/css' : 'font/ttf', body: icons });
  });
  const stop = serve<InferenceViewApi>(channel, options.handlers);
  page.on('close', stop);
  await page.goto(ORIGIN);
  return {
    page,
    errors,
    tell: (event) => page.evaluate((message) => window.postMessage(message, '*'), { event }),
    state: () => page.evaluate(() => JSON.parse(sessionStorage.getItem('state') ?? 'null')),
  };
}

/** The same policy and structure as the extension host's page. */
function pageOf(theme: ThemeName): string {
  const { kind, variables } = THEMES[theme];
  const style = Object.entries(variables)
    .map(([name, value]) => `--vscode-${name}: ${value}`)
    .join('; ');
  const policy = `default-src 'none'; script-src 'nonce-n'; style-src ${ORIGIN} 'unsafe-inline'; font-src ${ORIGIN}; img-src ${ORIGIN} blob: data:`;
  return `<!DOCTYPE html><html style="${style}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="codicon.css">
<style>html, body { height: 100%; margin: 0; padding: 0; overflow: hidden; } body > * { display: block; height: 100%; }</style></head>
<body class="${kind}" data-vscode-theme-kind="${kind}"><inference-view></inference-view>
<script type="module" nonce="n" src="inference.js"></script></body></html>`;
}

/** Runs in the page before its script: VS Code's API, with typed arrays carried as base64 through Playwright's JSON. */
function hostShim(kept: unknown): void {
  const send = (globalThis as unknown as { sendToHost(raw: string): void }).sendToHost;
  let state = kept;
  const pack = (_key: string, value: unknown) => {
    if (!ArrayBuffer.isView(value)) return value;
    let binary = '';
    for (const byte of new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) binary += String.fromCharCode(byte);
    return { $array: value.constructor.name, base64: btoa(binary) };
  };
  Object.assign(globalThis, {
    acquireVsCodeApi: () => ({
      postMessage: (message: unknown) => send(JSON.stringify(message, pack)),
      getState: () => state,
      setState: (next: unknown) => {
        state = next;
        sessionStorage.setItem('state', JSON.stringify(next));
      },
    }),
    revive: (_key: string, value: { $array?: string; base64?: string } | null) => {
      if (typeof value !== 'object' || value === null || value.$array === undefined) return value;
      const bytes = Uint8Array.from(atob(value.base64 ?? ''), (character) => character.charCodeAt(0));
      return value.$array === 'Float32Array' ? new Float32Array(bytes.buffer) : bytes;
    },
  });
}

declare const revive: (key: string, value: unknown) => unknown;

function encode(message: unknown): string {
  return JSON.stringify(message, (_key, value: unknown) => {
    if (!ArrayBuffer.isView(value))
      return isBufferJson(value) ? { $array: 'Uint8Array', base64: Buffer.from(value.data).toString('base64') } : value;
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return { $array: value instanceof Float32Array ? 'Float32Array' : 'Uint8Array', base64: bytes.toString('base64') };
  });
}

/** Buffers turn themselves into this before a replacer sees them. */
function isBufferJson(value: unknown): value is { readonly data: readonly number[] } {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer' && 'data' in value;
}

function decode(raw: string): unknown {
  return JSON.parse(raw, (_key, value: { $array?: string; base64?: string } | null) =>
    typeof value === 'object' && value !== null && value.$array !== undefined
      ? new Uint8Array(Buffer.from(value.base64 ?? '', 'base64'))
      : value,
  );
}

/** Saves a picture of the page for people to look at. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: `${SCREENSHOTS}/webview-inference-${name}.png` });
}
