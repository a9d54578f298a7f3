import type { Frame } from 'playwright-core';
import { expect } from 'vitest';
import { PATIENCE, type Workbench } from './support';

/** The checkpoint editor as a person reads it. */
export class CheckpointPage {
  constructor(readonly frame: Frame) {}

  /** Double-clicks the file in the Explorer and waits until the header is there. */
  static async open(workbench: Workbench, file: string): Promise<CheckpointPage> {
    await workbench.openFile(file);
    return new CheckpointPage(await workbench.view('checkpoint-view', { selector: 'checkpoint-header .model-name', text: file }));
  }

  /** Exact figures of the header, from what a click copies: `230,010 parameters`. */
  async headerFigures(): Promise<string[]> {
    const buttons = this.frame.locator('checkpoint-header .figures button.copyable');
    return buttons.evaluateAll((items) => items.map((item) => (item.getAttribute('title') ?? '').split('\n')[0] ?? ''));
  }

  async tab(name: string): Promise<void> {
    const tab = this.frame.getByRole('tab', { name, exact: true });
    await tab.click();
    await expect.poll(() => tab.getAttribute('aria-selected'), { timeout: PATIENCE }).toBe('true');
  }

  /** Selects the row of the shown table that names this. */
  async select(name: string): Promise<void> {
    await this.frame.locator('data-table .table-body', { hasText: name }).first().click();
  }

  /** Names of the tabs. */
  tabs(): Promise<string[]> {
    return this.frame.getByRole('tab').allInnerTexts();
  }

  details(): Promise<string> {
    return this.frame
      .locator('checkpoint-details')
      .textContent()
      .then((text) => (text ?? '').replaceAll('\u2009', ' ').replace(/\s+/g, ' '));
  }
}
