import * as vscode from 'vscode';
import { ComparePage, type CompareParts } from './comparePage';
import { pickMembers } from './comparePick';
import { type ComparisonStore, DocumentStore, fileMember, type Member, UntitledStore } from './compareStore';
import { COMMANDS, COMPARE_VIEW_TYPE, COMPARISON_VIEW_TYPE, MODEL_EXTENSIONS } from './constants';
import { registerGallery } from './gallery';
import { pickModel } from './pickers';
import { tabIcon } from './tabIcon';

/** Registers the editor of `.loupe.json` files and the two commands that begin and widen a comparison. */
export function registerCompare(parts: CompareParts): vscode.Disposable {
  const comparisons = new Comparisons(parts);
  return vscode.Disposable.from(
    registerGallery(parts, comparisons),
    vscode.window.registerCustomEditorProvider(COMPARE_VIEW_TYPE, comparisons, { webviewOptions: { retainContextWhenHidden: true } }),
    vscode.commands.registerCommand(COMMANDS.compareBudgets, async (clicked?: vscode.Uri, selection?: readonly vscode.Uri[]) => {
      const files = modelsAmong(selection?.length ? selection : clicked ? [clicked] : []);
      const members = files.length > 0 ? files.map(fileMember) : await pickMembers(parts);
      if (members.length > 0) comparisons.start(members);
    }),
    vscode.commands.registerCommand(COMMANDS.addToComparison, async (clicked?: vscode.Uri, selection?: readonly vscode.Uri[]) => {
      const files = modelsAmong(selection?.length ? selection : clicked ? [clicked] : []);
      const picked = files.length > 0 ? undefined : await pickModel(parts.context);
      const members = (picked ? [picked] : files).map(fileMember);
      if (members.length > 0) await comparisons.add(members);
    }),
  );
}

function modelsAmong(uris: readonly vscode.Uri[]): readonly vscode.Uri[] {
  return uris.filter(({ path }) => MODEL_EXTENSIONS.some((extension) => path.toLowerCase().endsWith(`.${extension}`)));
}

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
      await vscode.window.showErrorMessage(this.parts.host.explain(error));
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
