import * as vscode from 'vscode';
import { type InferenceViewApi, serve } from '../protocol';
import { INFERENCE_VIEW_TYPE } from './constants';
import type { EngineHost } from './engineHost';
import type { ModelEditorProvider } from './modelEditor';
import { baseName, type HeldCopies, type LocalCopies } from './modelFiles';
import { pickModel } from './pickers';
import { wishedProviders } from './providers';
import { rememberModel } from './recentModels';
import { saveBytes } from './save';
import { tabIcon } from './tabIcon';
import { refuseUntrusted } from './trust';
import { tell, webviewChannel } from './webviewChannel';
import { fillPage } from './webviewPage';

/** Longest edge of the picture that crosses to the view, in pixels. */
const PREVIEW_EDGE = 1600;

/** What a panel of a run is made with. */
export interface InferenceParts {
  readonly context: vscode.ExtensionContext;
  readonly host: EngineHost;
  readonly copies: LocalCopies;
  readonly editors: ModelEditorProvider;
}

/** One panel: one image, one model at a time, and the runs made of them. */
export class InferencePanel {
  private readonly panel: vscode.WebviewPanel;
  private run: string | null = null;
  private provider: string;
  private readonly copies: HeldCopies;

  constructor(
    private readonly parts: InferenceParts,
    private readonly image: vscode.Uri,
    private model: vscode.Uri,
  ) {
    this.provider = wishedProviders();
    this.copies = parts.copies.hold();
    this.panel = vscode.window.createWebviewPanel(INFERENCE_VIEW_TYPE, this.title(), vscode.ViewColumn.Active, {
      retainContextWhenHidden: true,
    });
    this.panel.iconPath = tabIcon(parts.context.extensionUri);
    const stop = serve<InferenceViewApi>(webviewChannel(this.panel.webview), this.handlers());
    this.panel.onDidDispose(() => {
      stop();
      this.closeRun();
      this.copies.dispose();
    });
    fillPage(this.panel.webview, {
      extension: parts.context.extensionUri,
      entry: 'inference',
      element: 'inference-view',
      title: this.title(),
    });
  }

  onDidDispose(listener: () => void): void {
    this.panel.onDidDispose(listener);
  }

  shows(image: vscode.Uri): boolean {
    return this.image.toString() === image.toString();
  }

  /** Brings the panel to the front with another model. */
  show(model: vscode.Uri): void {
    const another = model.toString() !== this.model.toString();
    this.model = model;
    this.panel.title = this.title();
    this.panel.reveal();
    this.rerun(another);
  }

  rerun(another = false): void {
    tell(this.panel.webview, { type: 'rerun', another });
  }

  private title(): string {
    return `${baseName(this.image)} · ${baseName(this.model)}`;
  }

  private handlers(): Parameters<typeof serve<InferenceViewApi>>[1] {
    const { engine } = this.parts.host;
    return {
      run: async ({ recipe }, context) => {
        refuseUntrusted();
        const result = await engine.run(
          {
            model: await this.copies.source(this.model),
            image: { kind: 'file', path: await this.copies.path(this.image) },
            provider: this.provider,
            attention: true,
            ...(recipe ? { recipe } : {}),
          },
          { signal: context.signal, onProgress: context.progress },
        );
        // Only now, so that a run that fails or is cancelled leaves the one on the screen whole.
        this.closeRun();
        this.run = result.run;
        void rememberModel(this.parts.context, this.model);
        return result;
      },
      image: async ({ run, which }, { signal }) =>
        own(
          which === 'seen'
            ? await engine.seenImage({ run }, { signal })
            : await engine.imagePreview({ run, limit: PREVIEW_EDGE }, { signal }),
        ),
      attention: async (params, { signal }) => {
        const map = await engine.attention(params, { signal });
        return { ...map, values: map.values.slice() };
      },
      chooseModel: () => this.chooseModel(),
      chooseProvider: () => this.chooseProvider(),
      openModel: ({ node }) => this.parts.editors.reveal(this.model, node),
      copy: async ({ text }) => vscode.env.clipboard.writeText(text),
      save: ({ name, bytes }) => saveBytes(this.image, name, bytes),
    };
  }

  private async chooseModel(): Promise<void> {
    const model = await pickModel(this.parts.context);
    if (model) this.show(model);
  }

  private async chooseProvider(): Promise<void> {
    const known = await this.parts.host.engine.providers({});
    const items = [
      { label: 'auto', description: vscode.l10n.t("this machine's GPU, else the CPU") },
      ...known.map(({ name, bundled }) => ({
        label: name,
        description: bundled ? '' : vscode.l10n.t('needs libraries that are not included'),
      })),
    ];
    const item = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Choose an execution provider for this panel') });
    if (!item) return;
    this.provider = item.label;
    this.rerun();
  }

  private closeRun(): void {
    if (this.run === null) return;
    // The engine may be gone, and the run with it: nothing is left to close then.
    this.parts.host.engine.closeRun({ run: this.run }).catch(() => {});
    this.run = null;
  }
}

/** The bytes in a buffer of their own: what comes over IPC is a view into the whole message, which VS Code would send on. */
function own(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}
