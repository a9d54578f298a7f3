import type { Browser, Page } from 'playwright-core';
import type { CompareViewApi } from '../../../src/protocol';
import type { CompareHost } from './compareHost';
import { bundleView, openView, screenshot as save, type ViewOptions, type ViewPage } from './viewPage';

export const bundleCompareView = () => bundleView('compare');

/** Opens the comparison's view; the host tells it when the set has changed. */
export async function openCompareView(
  browser: Browser,
  script: string,
  host: CompareHost,
  options: Partial<ViewOptions<CompareViewApi>> = {},
): Promise<ViewPage> {
  const view = await openView('compare-view', { ...options, browser, script, handlers: host.handlers });
  host.changed = () => view.tell({ type: 'changed' });
  return view;
}

export const screenshot = (page: Page, name: string) => save(page, `compare-${name}`);
