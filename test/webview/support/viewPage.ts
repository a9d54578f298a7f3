import { mkdirSync, readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import {
  type Channel,
  type CheckpointDiffViewApi,
  type CheckpointViewApi,
  type CompareViewApi,
  type FamilyViewApi,
  type Handlers,
  type HostEvent,
  type InferenceViewApi,
  type ModelViewApi,
  serve,
} from '../../../src/protocol';
import { PAGE_STYLE } from '../../../src/vscode/pageStyle';
import { THEMES, type ThemeName } from './themes';
import { pack, unpack } from './wire';

const ORIGIN = 'http://view.test/';
const SCREENSHOTS = 'out/screenshots';

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
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

async function bundle(entry: string, format: 'esm' | 'iife'): Promise<string> {
  const built = await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'browser',
    target: 'es2022',
    format,
    loader: { '.css': 'text' },
    tsconfig: 'tsconfig.webview.json',
    write: false,
  });
  return built.outputFiles[0]?.text ?? '';
}

/** VS Code's API for the page, bundled once. */
let shim: Promise<string> | undefined;

/** The bundle of webview/`entry`/main.ts as esbuild.mjs makes it. */
export function bundleView(entry: keyof ViewHandlers): Promise<string> {
  return bundle(`webview/${entry}/main.ts`, 'esm');
}

/** What answers each view. */
export interface ViewHandlers {
  readonly model: Handlers<ModelViewApi>;
  readonly checkpoint: Handlers<CheckpointViewApi>;
  readonly checkpointDiff: Handlers<CheckpointDiffViewApi>;
  readonly inference: Handlers<InferenceViewApi>;
  readonly compare: Handlers<CompareViewApi>;
  readonly family: Handlers<FamilyViewApi>;
}

/** Whoever answers a view. */
export interface ViewHost<Name extends keyof ViewHandlers> {
  readonly handlers: ViewHandlers[Name];
  /** Filled in when a page is opened: tells it that what it shows has changed. */
  changed?: () => Promise<void>;
}

export interface ViewOptions {
  readonly theme?: ThemeName;
  /** False in Restricted Mode. */
  readonly trusted?: boolean;
  readonly width?: number;
  readonly height?: number;
  /** What an earlier life of the view has kept, by key. */
  readonly state?: Readonly<Record<string, unknown>> | undefined;
  /** Device pixels per CSS pixel. */
  readonly scale?: number;
  /** False lets the page animate. */
  readonly reducedMotion?: boolean;
}

export interface ViewPage {
  readonly page: Page;
  /** Uncaught errors, console errors and policy violations of the page. */
  readonly errors: string[];
  tell(event: HostEvent): Promise<void>;
  /** What the view has kept for its next life, by key and field. */
  state(): Promise<Readonly<Record<string, Readonly<Record<string, unknown>>>>>;
  close(): Promise<void>;
}

/** A browser, and what `bundleView` made of the view. */
export interface Running {
  readonly browser: Browser;
  readonly script: string;
}

/** Opens a view in a page like VS Code's with `host` behind it. */
export async function openHosted<Name extends keyof ViewHandlers>(
  name: Name,
  host: ViewHost<Name>,
  options: Running & ViewOptions,
): Promise<ViewPage> {
  const view = await openView(
    `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}-view`,
    host.handlers as Handlers<AnyApi>,
    options,
  );
  host.changed = () => view.tell({ type: 'changed' });
  return view;
}

type AnyApi = Readonly<Record<string, (params: unknown) => Promise<unknown>>>;

async function openView(element: string, handlers: Handlers<AnyApi>, options: Running & ViewOptions): Promise<ViewPage> {
  const { browser, width = 1280, height = 800, scale = 1, reducedMotion = true } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: scale,
    reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  const stop = serve<AnyApi>(await connect(page), handlers);
  page.on('close', stop);
  await page.addInitScript((state) => Object.assign(globalThis, { stateOfEarlierLife: state }), options.state ?? null);
  shim ??= bundle('test/webview/support/pageShim.ts', 'iife');
  await page.addInitScript({ content: await shim });
  await serveFiles(context, { '': pageOf(element, options), 'view.js': options.script });
  await page.goto(ORIGIN);
  return {
    page,
    errors,
    tell: (event) => page.evaluate((message) => window.postMessage(message, '*'), { event }),
    state: () => page.evaluate(() => JSON.parse(sessionStorage.getItem('state') ?? '{}')),
    close: () => context.close(),
  };
}

declare const receiveFromHost: (packed: string) => void;

async function connect(page: Page): Promise<Channel> {
  let receive: (message: unknown) => void = () => {};
  await page.exposeFunction('sendToHost', (packed: string) => receive(unpack(packed)));
  return {
    // A page that was closed while the host worked gets no answer.
    send: (message) => void page.evaluate((packed) => receiveFromHost(packed), pack(message)).catch(() => {}),
    listen: (handler) => {
      receive = handler;
      return () => {};
    },
  };
}

/** Answers for ORIGIN from memory and with VS Code's icon font; everything else there is not found. */
function serveFiles(context: BrowserContext, files: Readonly<Record<string, string>>): Promise<unknown> {
  return context.route(`${ORIGIN}**`, (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    const body = name.startsWith('codicon.') ? readFileSync(`node_modules/@vscode/codicons/dist/${name}`) : files[name];
    if (body === undefined) return route.fulfill({ status: 404 });
    return route.fulfill({ contentType: TYPES[name.split('.')[1] ?? ''] ?? 'text/html', body });
  });
}

const TYPES: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css', ttf: 'font/ttf' };

/** The same policy and structure as the extension host's page (src/vscode/webviewPage.ts). */
function pageOf(element: string, { theme = 'dark', trusted = true }: ViewOptions): string {
  const { kind, variables } = THEMES[theme];
  const style = Object.entries(variables)
    .map(([name, value]) => `--vscode-${name}: ${value}`)
    .join('; ');
  const policy = `default-src 'none'; script-src 'nonce-n'; style-src ${ORIGIN} 'unsafe-inline'; font-src ${ORIGIN}; img-src ${ORIGIN} blob: data:`;
  return `<!DOCTYPE html><html style="${style.replaceAll('"', '&quot;')}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="codicon.css">
<style>${PAGE_STYLE}</style></head>
<body class="${kind}" data-vscode-theme-kind="${kind}" data-trusted="${trusted}"><${element}></${element}>
<script type="module" nonce="n" src="view.js"></script></body></html>`;
}

/** Waits until what was asked for is drawn: observers of sizes run after a frame's own work, and what they ask for comes a frame later. */
export function drawn(page: Page): Promise<void> {
  return page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame++) await new Promise((done) => requestAnimationFrame(done));
  });
}

/** Saves a picture of the page for people to look at: out/screenshots/webview-`name`.png. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: `${SCREENSHOTS}/webview-${name}.png` });
}
