import * as vscode from 'vscode';
import { UserError } from '../engine/errors';
import { comparedFigures, type FamilySummary, type FamilyViewApi, type Handlers, serve } from '../protocol';
import type { CompareParts } from './compareParts';
import type { Comparisons } from './comparisons';
import { FAMILY_VIEW_TYPE } from './constants';
import { exportReference, openReference, referenceMember } from './references';
import { tabIcon } from './tabIcon';
import { webviewChannel } from './webviewChannel';
import { fillPage } from './webviewPage';

/** The pages of families of reference systems: one panel a family, brought to the front when it is asked for again. */
export class FamilyPages implements vscode.WebviewPanelSerializer {
  private readonly panels = new Map<string, vscode.WebviewPanel>();

  constructor(
    private readonly parts: CompareParts,
    private readonly comparisons: Comparisons,
  ) {}

  show(family: string): void {
    const open = this.panels.get(family);
    if (open) open.reveal();
    else
      this.fill(
        family,
        vscode.window.createWebviewPanel(FAMILY_VIEW_TYPE, family, vscode.ViewColumn.Active, { retainContextWhenHidden: true }),
      );
  }

  /** After the window was loaded again: the title, which VS Code keeps, says which family it showed. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    if (this.panels.has(panel.title)) panel.dispose();
    else this.fill(panel.title, panel);
  }

  private fill(family: string, panel: vscode.WebviewPanel): void {
    this.panels.set(family, panel);
    panel.iconPath = tabIcon(this.parts.context.extensionUri);
    const stop = serve<FamilyViewApi>(webviewChannel(panel.webview), this.handlers(family));
    panel.onDidDispose(() => {
      stop();
      this.panels.delete(family);
    });
    fillPage(panel.webview, { extension: this.parts.context.extensionUri, entry: 'family', element: 'family-view', title: family });
  }

  private handlers(family: string): Handlers<FamilyViewApi> {
    const { parts } = this;
    return {
      load: () => this.summary(family),
      figures: async ({ variant, knobs }, { signal }) => {
        const { profile, record } = await parts.host.engine.architecture({ family, variant, knobs }, { signal });
        return { record, figures: comparedFigures(profile, record.published?.top1 ?? null) };
      },
      openModel: ({ variant, knobs }) => openReference(parts, variant || family, knobs),
      compare: ({ variant, knobs }) => this.comparisons.add([referenceMember(variant || family, knobs)]),
      exportModel: ({ variant, knobs }) => exportReference(parts, variant || family, knobs),
    };
  }

  private async summary(name: string): Promise<FamilySummary> {
    const families = await this.parts.host.engine.architectures({});
    const found = families.find((family) => family.name === name);
    if (!found) throw new UserError(vscode.l10n.t('There is no family "{0}" of reference systems.', name));
    return found;
  }
}
