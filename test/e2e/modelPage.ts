import type { Frame } from 'playwright-core';
import { expect } from 'vitest';
import { PATIENCE, type Workbench } from './support';

export type TabName = 'Graph' | 'Profile' | 'Tensors' | 'Attention';

/** The model editor as a person reads it. */
export class ModelPage {
  constructor(
    readonly frame: Frame,
    private readonly workbench: Workbench,
  ) {}

  /** Double-clicks the file in the Explorer and waits until the header is there. */
  static async open(workbench: Workbench, file: string): Promise<ModelPage> {
    await workbench.openFile(file);
    return new ModelPage(await workbench.view('model-view', { selector: 'model-header .model-name', text: file }), workbench);
  }

  /** Exact figures of the header, from what a click copies: `107,810 parameters`, `9,250,944 MACs`, `431,240 B float32`. */
  async headerFigures(): Promise<string[]> {
    const buttons = this.frame.locator('model-header .figures button.copyable');
    return buttons.evaluateAll((items) => items.map((item) => (item.getAttribute('title') ?? '').split('\n')[0] ?? ''));
  }

  async tab(name: TabName): Promise<void> {
    const tab = this.frame.getByRole('tab', { name, exact: true });
    await tab.click();
    await expect.poll(() => tab.getAttribute('aria-selected'), { timeout: PATIENCE }).toBe('true');
  }

  /** MACs of a budget in the Profile tab, every digit. */
  async macsOf(budget: 'convolution' | 'attention'): Promise<number> {
    const title = await this.frame.locator(`profile-tab [data-share="${budget}"]`).getAttribute('title');
    return Number(/^([\d,]+) MACs$/.exec(title ?? '')?.[1]?.replaceAll(',', ''));
  }

  /** Chooses an entry of one of the toolkit's drop-downs. */
  async choose(dropdown: string, entry: string): Promise<void> {
    await this.frame.locator(`vscode-dropdown[aria-label="${dropdown}"]`).click();
    await this.frame.getByRole('option', { name: entry, exact: true }).click();
  }

  async filter(text: string): Promise<void> {
    await this.frame.locator('.tab-row vscode-text-field input').fill(text);
  }

  /** Cells of the table's rows by column. */
  async rows(): Promise<Record<string, { text: string; title: string }>[]> {
    return this.frame
      .locator('data-table .table-body')
      .evaluateAll((rows) =>
        rows.map((row) =>
          Object.fromEntries(
            [...row.querySelectorAll('[data-column]')].map((cell) => [
              cell.getAttribute('data-column') ?? '',
              { text: cell.textContent?.trim() ?? '', title: cell.getAttribute('title') ?? '' },
            ]),
          ),
        ),
      );
  }

  detailsTitle(): Promise<string | null> {
    return this.frame.locator('details-panel h2').first().textContent();
  }

  /** Moves the pointer down the middle of the graph, past the model's input, to the next box; returns the point on the page. */
  async findBox(): Promise<{ x: number; y: number }> {
    const canvas = this.frame.locator('.graph-canvas');
    const area = await canvas.boundingBox();
    if (!area) throw new Error('The graph is not in sight.');
    const x = area.x + area.width / 2;
    let boxes = 0;
    let inside = false;
    for (let y = area.y + 4; y < area.y + area.height; y += 6) {
      await this.workbench.page.mouse.move(x, y);
      const now = await canvas.evaluate((element) => element.classList.contains('over-box'));
      if (now && !inside) boxes += 1;
      if (boxes === 2) return { x, y: y + 6 };
      inside = now;
    }
    throw new Error('No second box of the graph lies in the middle of the view.');
  }

  /** How many colours the graph is drawn with; a blank canvas has one. */
  colours(): Promise<number> {
    return this.frame.locator('.graph-canvas').evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray();
      return new Set(new Uint32Array(data.buffer)).size;
    });
  }
}
