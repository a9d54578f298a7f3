import * as vscode from 'vscode';
import { type Handlers, type ModelViewApi, serve } from '../protocol';
import { COMMANDS, EDITOR_VIEW_TYPE } from './constants';
import { EditedModel } from './editedModel';
import type { EngineHost } from './engineHost';
import { baseName, type LocalCopies } from './modelFiles';
import { wishedProviders } from './providers';
import { rememberModel } from './recentModels';
import { saveBytes } from './save';
import { refuseUntrusted } from './trust';
import { tell, webviewChannel } from './webviewChannel';
import { fillPage } from './webviewPage';

class ModelDocument implements vscode.CustomDocument {
  constructor(readonly uri: vscode.Uri) {}
  dispose(): void {}
}

/** The read-only editor that opens when a model file is clicked. */
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
  ) {}

  register(): vscode.Disposable {
    return vscode.window.registerCustomEditorProvider(EDITOR_VIEW_TYPE, this, {
      supportsMultipleEditorsPerDocument: true,
      webviewOptions: { retainContextWhenHidden: true, enableFindWidget: false },
    });
  }

  openCustomDocument(uri: vscode.Uri): ModelDocument {
    return new ModelDocument(uri);
  }

  resolveCustomEditor(document: ModelDocument, panel: vscode.WebviewPanel): void {
    const uri = document.uri;
    const copies = this.copies.hold();
    const subscriptions = [this.watch(uri, panel.webview), this.track(uri, panel), copies];
    const model = new EditedModel(this.host.engine, () => copies.source(uri), uri.scheme === 'file');
    const stop = serve<ModelViewApi>(webviewChannel(panel.webview), this.handlers(uri, panel.webview, model));
    void model.begin();
    panel.onDidDispose(() => {
      stop();
      model.dispose();
      vscode.Disposable.from(...subscriptions).dispose();
    });
    fillPage(panel.webview, { extension: this.context.extensionUri, entry: 'model', element: 'model-view', title: baseName(uri) });
    void rememberModel(this.context, uri);
  }

  /** Opens the editor and shows one node or block in it, at once or as soon as its page listens. */
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

  private handlers(uri: vscode.Uri, webview: vscode.Webview, model: EditedModel): Handlers<ModelViewApi> {
    const { engine } = this.host;
    return {
      load: async ({ bindings = {}, groups = [] }, { signal, progress }) => {
        this.listens(uri, webview);
        return model.open({ bindings, groups }, { signal, onProgress: progress });
      },
      nodeRows: ({ from }, { signal }) => model.ask((handle) => engine.nodeRows({ handle, from }, { signal })),
      blockRows: ({ from }, { signal }) => model.ask((handle) => engine.blockRows({ handle, from }, { signal })),
      graph: ({ group }, { signal }) => model.ask((handle) => engine.graph({ handle, group }, { signal })),
      groupsOf: ({ node }, { signal }) => model.ask((handle) => engine.groupsOf({ handle, node }, { signal })),
      details: ({ node }, { signal }) => model.ask((handle) => engine.details({ handle, node }, { signal })),
      tensors: ({ from }, { signal }) => model.ask((handle) => engine.tensors({ handle, from }, { signal })),
      statistics: ({ tensor }, { signal }) => model.ask((handle) => engine.statistics({ handle, tensor }, { signal })),
      measure: async (_params, { signal, progress }) => {
        refuseUntrusted();
        const provider = wishedProviders();
        return model.ask((handle) => engine.latency({ model: { kind: 'open', handle }, provider }, { signal, onProgress: progress }));
      },
      copy: async ({ text }) => vscode.env.clipboard.writeText(text),
      runOnImage: async () => {
        // The command is disabled for people then, but not for us.
        refuseUntrusted();
        await vscode.commands.executeCommand(COMMANDS.runInference, undefined, undefined, uri);
      },
      save: ({ name, bytes }) => saveBytes(uri, name, bytes),
    };
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
