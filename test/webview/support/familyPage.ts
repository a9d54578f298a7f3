import type { Browser, Page } from 'playwright-core';
import type { FamilyViewApi } from '../../../src/protocol';
import type { FamilyHost } from './familyHost';
import { bundleView, openView, screenshot as save, type ViewOptions, type ViewPage } from './viewPage';

export const bundleFamilyView = () => bundleView('family');

/** Opens a family's page with `host` behind it. */
export function openFamilyView(
  browser: Browser,
  script: string,
  host: FamilyHost,
  options: Partial<ViewOptions<FamilyViewApi>> = {},
): Promise<ViewPage> {
  return openView('family-view', { ...options, browser, script, handlers: host.handlers });
}

export const screenshot = (page: Page, name: string) => save(page, `family-${name}`);
