import * as vscode from 'vscode';
import { ComparePage } from './comparePage';
import type { CompareParts } from './compareParts';
import { type ComparisonStore, DocumentStore, type Member, UntitledStore } from './compareStore';
import { COMPARISON_VIEW_TYPE } from './constants';
import { notify } from './notify';
import { tabIcon } from './tabIcon';

/** The comparisons that are open, the one used last at the end. */
export class Comparisons implements vscode.CustomTextEditorProvider {
  private open: ComparePage[] = [];

  constructor(private readonly parts: CompareParts) {}

  resolveCustomTextEditor(document: vscode.TextDocument, panel: vscode.WebviewPanel): void {
    this.show(new DocumentStore(document), panel);
  }

  /** Opens a comparison that has no file. */
  start(members: readonly Member[]): void {
    const store = new UntitledStore(members);
    const panel = vscode.window.createWebviewPanel(COMPARISON_VIEW_TYPE, store.title, vscode.ViewColumn.Active, {
      retainContextWhenHidden: true,
    });
    panel.iconPath = tabIcon(this.parts.context.extensionUri);
    this.show(store, panel);
  }

  /** Adds to the comparison used last, or starts one. */
  async add(members: readonly Member[]): Promise<void> {
    const last = this.open.at(-1);
    if (!last) return this.start(members);
    try {
      await last.add(members);
    } catch (error) {
      await notify.error(this.parts.host.explain(error));
    }
  }

  private show(store: ComparisonStore, panel: vscode.WebviewPanel): void {
    const page = new ComparePage(this.parts, store, panel);
    this.open.push(page);
    panel.onDidChangeViewState(() => {
      if (panel.active) this.open = [...this.open.filter((other) => other !== page), page];
    });
    panel.onDidDispose(() => {
      this.open = this.open.filter((other) => other !== page);
    });
  }
}
