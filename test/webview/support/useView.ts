import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { bundleView, launch, openHosted, screenshot, type ViewHandlers, type ViewHost, type ViewOptions, type ViewPage } from './viewPage';

/** One view for all tests of a file. */
export interface ViewUnderTest<Name extends keyof ViewHandlers> {
  readonly browser: Browser;
  /** Opens it in a page of its own with `host` behind it. */
  open(host: ViewHost<Name>, options?: ViewOptions): Promise<ViewPage>;
  /** Saves a picture for people to look at: out/screenshots/webview-NAME-`shot`.png. */
  screenshot(page: Page, shot: string): Promise<void>;
}

/** Starts a browser and bundles the view before a file's first test, and ends the browser after its last. */
export function useView<Name extends keyof ViewHandlers>(name: Name): ViewUnderTest<Name> {
  let running: { readonly browser: Browser; readonly script: string } | undefined;
  beforeAll(async () => {
    const [browser, script] = await Promise.all([launch(), bundleView(name)]);
    running = { browser, script };
  });
  afterAll(() => running?.browser.close());
  const started = () => {
    if (!running) throw new Error('The browser starts before the first test.');
    return running;
  };
  return {
    get browser() {
      return started().browser;
    },
    open: (host, options = {}) => openHosted(name, host, { ...started(), ...options }),
    screenshot: (page, shot) => screenshot(page, `${name}-${shot}`),
  };
}
