import type { Frame, Locator } from 'playwright-core';
import { expect } from 'vitest';
import { PATIENCE, type Workbench } from './support';

/** The page of a family of reference systems, opened in a workbench. */
export class FamilyPage {
  private constructor(readonly frame: Frame) {}

  /** By a click on the family in the Activity Bar's tree. */
  static async open(workbench: Workbench, family: string): Promise<FamilyPage> {
    await showGallery(workbench);
    await galleryRow(workbench, family).click();
    return FamilyPage.shown(workbench, family);
  }

  /** The page that is in front. */
  static async shown(workbench: Workbench, family: string): Promise<FamilyPage> {
    return new FamilyPage(await workbench.view('family-view', { selector: 'h1', text: family }));
  }

  row(variant: string): Locator {
    return this.frame.locator(`tr[data-variant="${variant}"]`);
  }

  /** Waits until every variant is counted. */
  async counted(): Promise<void> {
    await expect.poll(() => this.frame.locator('.variant-table .blank').count(), { timeout: PATIENCE }).toBe(0);
  }

  knob(name: string): Locator {
    return this.frame.locator(`[data-knob="${name}"] input`);
  }

  /** A figure of the budget with every digit. */
  async budget(figure: string): Promise<number> {
    const title = await this.frame.locator(`.budget [data-figure=${figure}]`).getAttribute('title');
    return Number(title?.match(/^[\d,]+/)?.[0].replaceAll(',', ''));
  }

  button(name: string): Locator {
    return this.frame.getByRole('button', { name, exact: true });
  }
}

export function galleryRow({ page }: Workbench, name: string): Locator {
  return page.locator('.pane-body .monaco-list-row').filter({ has: page.locator('.label-name', { hasText: new RegExp(`^${name}$`) }) });
}

/** Shows the tree; a click on the tab of the view that is open would hide it. */
export async function showGallery(workbench: Workbench): Promise<void> {
  const tab = workbench.page.locator('.activitybar').getByRole('tab', { name: 'Model Loupe' });
  if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
  await galleryRow(workbench, 'ResNet').waitFor();
}
