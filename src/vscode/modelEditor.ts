import * as vscode from 'vscode';
import type { ModelOverview } from '../protocol';
import { EDITOR_VIEW_TYPE, OPTIONAL_EDITOR_VIEW_TYPE } from './constants';
import { EditedModel } from './editedModel';
import { EditorPage } from './editorPage';
import type { EngineHost } from './engineHost';
import { baseName, type LocalCopies } from './modelFiles';
import { rememberModel } from './recentModels';
import type { StatusItem } from './statusItem';
import { tell } from './webviewChannel';

class ModelDocument implements vscode.CustomDocument {
  constructor(readonly uri: vscode.Uri) {}
  dispose(): void {}
}

/** The read-only editor that opens when a model or checkpoint is clicked. */
export class ModelEditorProvider implements vscode.CustomReadonlyEditorProvider<ModelDocument> {
  private readonly panels = new Map<string, Set<vscode.WebviewPanel>>();
  /** Pages that have begun to load, and so hear what they are told. */
  private readonly listening = new WeakSet<vscode.Webview>();
  /** By uri, what to show once its page listens. */
  private readonly wishes = new Map<string, string>();

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly host: EngineHost,
    private readonly copies: LocalCopies,
    private readonly status: StatusItem,
  ) {}

  /** As the editor that a click opens, and as one to choose for files that may be anything (`*.bin`). */
  register(): vscode.Disposable {
    const options = {
      supportsMultipleEditorsPerDocument: true,
      webviewOptions: { retainContextWhenHidden: true, enableFindWidget: false },
    };
    return vscode.Disposable.from(
      ...[EDITOR_VIEW_TYPE, OPTIONAL_EDITOR_VIEW_TYPE].map((type) => vscode.window.registerCustomEditorProvider(type, this, options)),
    );
  }

  openCustomDocument(uri: vscode.Uri): ModelDocument {
    return new ModelDocument(uri);
  }

  resolveCustomEditor(document: ModelDocument, panel: vscode.WebviewPanel): void {
    const uri = document.uri;
    const copies = this.copies.hold();
    const model = new EditedModel(this.host.engine, () => copies.source(uri), uri.scheme === 'file');
    const page = new EditorPage({
      ...{ uri, webview: panel.webview, model },
      extension: this.context.extensionUri,
      engine: this.host.engine,
      listens: () => this.listens(uri, panel.webview),
      shows: (overview) => {
        shown = overview;
        inFront();
      },
    });
    let shown: ModelOverview | null = null;
    const inFront = () => {
      if (panel.active && shown) this.status.show(panel, uri, shown);
      else if (!panel.active) this.status.leave(panel);
    };
    panel.onDidChangeViewState(inFront);
    const trusted = vscode.workspace.onDidGrantWorkspaceTrust(() => tell(panel.webview, { type: 'trusted' }));
    const subscriptions = [this.watch(uri, panel.webview), this.track(uri, panel), copies, page, trusted];
    void model.begin();
    panel.onDidDispose(() => {
      this.status.leave(panel);
      model.dispose();
      vscode.Disposable.from(...subscriptions).dispose();
    });
    void rememberModel(this.context, uri);
  }

  /** Opens the editor and shows one node, block or tensor in it, at once or as soon as its page listens. */
  async reveal(uri: vscode.Uri, node: string | undefined): Promise<void> {
    const key = uri.toString();
    if (node !== undefined) this.wishes.set(key, node);
    await vscode.commands.executeCommand('vscode.openWith', uri, EDITOR_VIEW_TYPE);
    const webviews = [...(this.panels.get(key) ?? [])].map(({ webview }) => webview).filter((webview) => this.listening.has(webview));
    const wish = this.wishes.get(key);
    if (wish === undefined || webviews.length === 0) return;
    this.wishes.delete(key);
    for (const webview of webviews) tell(webview, { type: 'reveal', node: wish });
  }

  /** A page's first request says that it listens. */
  private listens(uri: vscode.Uri, webview: vscode.Webview): void {
    this.listening.add(webview);
    const wish = this.wishes.get(uri.toString());
    if (wish === undefined) return;
    this.wishes.delete(uri.toString());
    tell(webview, { type: 'reveal', node: wish });
  }

  private watch(uri: vscode.Uri, webview: vscode.Webview): vscode.Disposable {
    const pattern = new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), escapeGlob(baseName(uri)));
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const changed = () => tell(webview, { type: 'changed' });
    watcher.onDidChange(changed);
    watcher.onDidCreate(changed);
    return watcher;
  }

  private track(uri: vscode.Uri, panel: vscode.WebviewPanel): vscode.Disposable {
    const key = uri.toString();
    const panels = this.panels.get(key) ?? new Set();
    this.panels.set(key, panels.add(panel));
    return new vscode.Disposable(() => {
      panels.delete(panel);
      if (panels.size === 0) this.panels.delete(key);
    });
  }
}

/** A file name in which no character means more than itself to a glob. */
function escapeGlob(name: string): string {
  return name.replace(/[[\]{}*?!]/g, '[$&]');
}
