import * as vscode from 'vscode';
import {
  type CheckpointViewApi,
  type Client,
  type EngineApi,
  type Handlers,
  type ModelOverview,
  type ModelViewApi,
  type Shown,
  serve,
} from '../protocol';
import { COMMANDS, MODEL_EXTENSIONS } from './constants';
import type { EditedModel } from './editedModel';
import { baseName } from './modelFiles';
import { openAs } from './openAs';
import { wishedProviders } from './providers';
import { chooseTarget, saveBytes } from './save';
import { refuseUntrusted } from './trust';
import { webviewChannel } from './webviewChannel';
import { fillPage } from './webviewPage';

/** What stands behind an editor's page. */
export interface PageBehind {
  readonly uri: vscode.Uri;
  readonly webview: vscode.Webview;
  readonly model: EditedModel;
  readonly extension: vscode.Uri;
  readonly engine: Client<EngineApi>;
  /** Called with the page's first request. */
  listens(): void;
  /** Called with every model that the page shows. */
  shows(overview: ModelOverview): void;
}

/** The page of one editor: that of a model or that of a checkpoint, as its name suggests until the file tells. */
export class EditorPage implements vscode.Disposable {
  private stop: () => void = () => {};

  constructor(private readonly behind: PageBehind) {
    const isModel = MODEL_EXTENSIONS.some((extension) => behind.uri.path.toLowerCase().endsWith(`.${extension}`));
    this.fill(isModel ? 'model' : 'checkpoint');
  }

  dispose(): void {
    this.stop();
  }

  private fill(kind: Shown['kind']): void {
    const { uri, webview, extension } = this.behind;
    this.stop();
    const channel = webviewChannel(webview);
    this.stop =
      kind === 'model' ? serve<ModelViewApi>(channel, this.modelHandlers()) : serve<CheckpointViewApi>(channel, this.checkpointHandlers());
    fillPage(webview, { extension, entry: kind, element: `${kind}-view`, title: baseName(uri) });
  }

  /** The page is of the other kind: it is replaced, and whatever this one asked is nobody's. */
  private turn(shown: Shown): Error {
    this.fill(shown.kind);
    return new Error(`${baseName(this.behind.uri)} is shown as a ${shown.kind}.`);
  }

  private modelHandlers(): Handlers<ModelViewApi> {
    const { uri, model, engine } = this.behind;
    return {
      ...this.shared(),
      load: async ({ bindings = {}, groups = [] }, { signal, progress }) => {
        const shown = await model.open({ bindings, groups }, { signal, onProgress: progress });
        if (shown.kind !== 'model') throw this.turn(shown);
        this.behind.listens();
        this.behind.shows(shown.overview);
        return shown.overview;
      },
      nodeRows: ({ from }, { signal }) => model.ask((handle) => engine.nodeRows({ handle, from }, { signal })),
      blockRows: ({ from }, { signal }) => model.ask((handle) => engine.blockRows({ handle, from }, { signal })),
      graph: ({ group }, { signal }) => model.ask((handle) => engine.graph({ handle, group }, { signal })),
      groupsOf: ({ node }, { signal }) => model.ask((handle) => engine.groupsOf({ handle, node }, { signal })),
      tensors: ({ from }, { signal }) => model.ask((handle) => engine.tensors({ handle, from }, { signal })),
      details: ({ node }, { signal }) => model.ask((handle) => engine.details({ handle, node }, { signal })),
      reconcile: ({ tools }, { signal }) => model.ask((handle) => engine.reconcile({ handle, tools }, { signal })),
      measure: async (_params, { signal, progress }) => {
        refuseUntrusted();
        const provider = wishedProviders();
        return model.ask((handle) => engine.latency({ model: { kind: 'open', handle }, provider }, { signal, onProgress: progress }));
      },
      runOnImage: async () => {
        // The command is disabled for people then, but not for us.
        refuseUntrusted();
        await vscode.commands.executeCommand(COMMANDS.runInference, undefined, undefined, uri);
      },
    };
  }

  /** Nothing here executes anything: a checkpoint is shown in a workspace that is not trusted as in any other. */
  private checkpointHandlers(): Handlers<CheckpointViewApi> {
    const { model, engine } = this.behind;
    return {
      ...this.shared(),
      modules: (params, { signal }) => model.ask((handle) => engine.modules({ handle, ...params }, { signal })),
      allModules: (params, { signal }) => model.ask((handle) => engine.allModules({ handle, ...params }, { signal })),
      module: (params, { signal }) => model.ask((handle) => engine.module({ handle, ...params }, { signal })),
      modulesOf: (params, { signal }) => model.ask((handle) => engine.modulesOf({ handle, ...params }, { signal })),
      tensors: (params, { signal }) => model.ask((handle) => engine.checkpointTensors({ handle, ...params }, { signal })),
      block: (params, { signal }) => model.ask((handle) => engine.tensorBlock({ handle, ...params }, { signal })),
      spectrum: (params, { signal }) => model.ask((handle) => engine.tensorSpectrum({ handle, ...params }, { signal })),
      similarity: (params, { signal }) => model.ask((handle) => engine.tensorSimilarity({ handle, ...params }, { signal })),
      footprint: (params, { signal }) => model.ask((handle) => engine.footprint({ handle, ...params }, { signal })),
      health: (_params, { signal, progress }) => model.ask((handle) => engine.health({ handle }, { signal, onProgress: progress })),
      extract: async ({ tensors, format, name }, { signal }) => {
        const target = await chooseTarget(this.behind.uri, `${name}.${format}`);
        if (target) await model.ask((handle) => engine.extract({ handle, tensors, path: target.fsPath }, { signal }));
      },
      load: async (_params, { signal, progress }) => {
        const shown = await model.open({ bindings: {}, groups: [] }, { signal, onProgress: progress });
        if (shown.kind !== 'checkpoint') throw this.turn(shown);
        this.behind.listens();
        return shown.overview;
      },
    };
  }

  private shared(): Pick<Handlers<ModelViewApi>, 'statistics' | 'copy' | 'save' | 'openAs'> {
    const { uri, model, engine } = this.behind;
    return {
      statistics: ({ tensor }, { signal, progress }) =>
        model.ask((handle) => engine.statistics({ handle, tensor }, { signal, onProgress: progress })),
      copy: async ({ text }) => vscode.env.clipboard.writeText(text),
      openAs: ({ editor }) => openAs(uri, editor),
      save: ({ name, bytes }) => saveBytes(uri, name, bytes),
    };
  }
}
