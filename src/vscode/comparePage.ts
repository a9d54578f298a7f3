import * as vscode from 'vscode';
import { UserError } from '../engine/errors';
import {
  type ComparedFigures,
  type ComparedModel,
  type CompareViewApi,
  type ComparisonSet,
  type Handlers,
  type ModelReference,
  serve,
} from '../protocol';
import type { CompareParts } from './compareParts';
import { pickMembers } from './comparePick';
import { type ComparisonStore, fileText, type Member, type Members } from './compareStore';
import { askForComparisonFile } from './comparisonPlace';
import { COMPARE_VIEW_TYPE } from './constants';
import type { HeldCopies } from './modelFiles';
import { wishedProviders } from './providers';
import { buildReference } from './references';
import { saveBytes } from './save';
import { refuseUntrusted } from './trust';
import { tell, webviewChannel } from './webviewChannel';
import { fillPage } from './webviewPage';

/** Serves one comparison to its webview until the panel is closed. */
export class ComparePage {
  private readonly copies: HeldCopies;

  constructor(
    private readonly parts: CompareParts,
    readonly store: ComparisonStore,
    private readonly panel: vscode.WebviewPanel,
  ) {
    this.copies = parts.copies.hold();
    const watchers = new Watchers(() => tell(panel.webview, { type: 'changed' }));
    const stop = serve<CompareViewApi>(webviewChannel(panel.webview), this.handlers(watchers));
    const changes = store.onDidChange(() => tell(panel.webview, { type: 'changed' }));
    panel.onDidDispose(() => {
      stop();
      vscode.Disposable.from(watchers, changes, this.copies).dispose();
    });
    fillPage(panel.webview, { extension: parts.context.extensionUri, entry: 'compare', element: 'compare-view', title: store.title });
  }

  /** Adds models and brings the comparison to the front. */
  async add(models: readonly Member[]): Promise<void> {
    await this.store.add(models);
    this.panel.reveal();
  }

  private handlers(watchers: Watchers): Handlers<CompareViewApi> {
    return {
      load: async () => {
        const set = await describe(this.store);
        watchers.watch(this.members().flatMap(({ uri }) => uri ?? []));
        return set;
      },
      figures: async ({ model }, { signal }) => this.figures(this.member(model), signal),
      figuresAt: async ({ model, sizes }, { signal, progress }) => {
        const models = [await this.reference(this.member(model))];
        const { rows } = await this.parts.host.engine.compare({ models, sizes }, { signal, onProgress: progress });
        return rows.map(({ size, figures, error }) => ({ size: size ?? 0, figures, error }));
      },
      measure: async ({ model }, { signal, progress }) => {
        refuseUntrusted();
        const request = { model: await this.reference(this.member(model)), provider: wishedProviders() };
        const report = await this.parts.host.engine.latency(request, { signal, onProgress: progress });
        const { median: milliseconds, minimum } = report.wallMilliseconds;
        return { milliseconds, minimum, runs: report.runs, provider: report.provider, note: report.providerNote };
      },
      diff: async ({ before, after }, { signal, progress }) => {
        const [from, to] = await Promise.all([this.reference(this.member(before)), this.reference(this.member(after))]);
        return this.parts.host.engine.diff({ before: from, after: to }, { signal, onProgress: progress });
      },
      openModel: async ({ model, node }) => this.open(this.member(model), node),
      addModels: async () => {
        const models = await pickMembers(this.parts);
        if (models.length > 0) await this.store.add(models);
      },
      remove: ({ model }) => this.store.remove(this.index(model)),
      setBaseline: ({ model }) => this.store.setBaseline(this.index(model)),
      saveAs: () => this.saveAs(),
      openText: async () => {
        if (this.store.uri) await vscode.commands.executeCommand('vscode.openWith', this.store.uri, 'default');
      },
      copy: async ({ text }) => vscode.env.clipboard.writeText(text),
      save: ({ name, bytes }) => saveBytes(this.beside(), name, bytes),
    };
  }

  private async figures(member: Member, signal: AbortSignal): Promise<ComparedFigures> {
    const { engine } = this.parts.host;
    const { rows } = await engine.compare({ models: [await this.reference(member)] }, { signal });
    const [row] = rows;
    if (!row?.figures) throw new UserError(row?.error ?? vscode.l10n.t('{0} was not counted.', member.entry.label));
    return row.figures;
  }

  private async reference({ entry, uri }: Member): Promise<ModelReference> {
    if (uri) return { ...(await this.copies.source(uri)), bindings: entry.kind === 'file' ? entry.bindings : {} };
    if (entry.kind === 'architecture') return { kind: 'architecture', variant: entry.variant, knobs: entry.knobs };
    throw new UserError(entry.kind === 'wrong' ? entry.error : vscode.l10n.t('{0} cannot be found.', entry.label));
  }

  private async open({ entry, uri }: Member, node: string | undefined): Promise<void> {
    if (entry.kind === 'wrong') throw new UserError(entry.error);
    const target = uri ?? (entry.kind === 'architecture' ? await buildReference(this.parts, entry.variant, entry.knobs) : null);
    if (target) await this.parts.editors.reveal(target, node);
  }

  private async saveAs(): Promise<void> {
    const target = await askForComparisonFile(vscode.Uri.joinPath(this.beside(), '..'));
    if (!target) return;
    const text = fileText(this.store.read(), target);
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
    this.panel.dispose();
    await vscode.commands.executeCommand('vscode.openWith', target, COMPARE_VIEW_TYPE);
  }

  /** A file in the folder that dialogs begin in. */
  private beside(): vscode.Uri {
    const first = this.members().find(({ uri }) => uri)?.uri;
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const inside = folder ? vscode.Uri.joinPath(folder, 'x') : vscode.Uri.joinPath(this.parts.context.globalStorageUri, 'x');
    return this.store.uri ?? first ?? inside;
  }

  private members(): readonly Member[] {
    return readOr(this.store, { members: [], baseline: 0 }).members;
  }

  private index(id: string): number {
    const index = ids(this.members()).indexOf(id);
    if (index < 0) throw new UserError(vscode.l10n.t('This model is no longer part of the comparison.'));
    return index;
  }

  private member(id: string): Member {
    return this.members()[this.index(id)] as Member;
  }
}

async function describe(store: ComparisonStore): Promise<ComparisonSet> {
  const common = { title: store.title, untitled: store.uri === null };
  try {
    const { members, baseline } = store.read();
    const names = ids(members);
    const models = await Promise.all(members.map((member, index) => describeModel(member, names[index] ?? '')));
    return { ...common, models, baseline: names[baseline] ?? '', error: '' };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { ...common, models: [], baseline: '', error: error.message };
  }
}

async function describeModel({ entry, uri }: Member, id: string): Promise<ComparedModel> {
  const base = { id, name: entry.label, kind: entry.kind === 'architecture' ? 'architecture' : 'file' } as const;
  if (entry.kind === 'architecture') return { ...base, detail: knobText(entry), version: '', error: '' };
  if (entry.kind === 'wrong' || !uri) return { ...base, detail: '', version: '', error: entry.kind === 'wrong' ? entry.error : '' };
  const detail = vscode.workspace.asRelativePath(uri);
  try {
    const { mtime, size } = await vscode.workspace.fs.stat(uri);
    return { ...base, detail, version: `${mtime}:${size}`, error: '' };
  } catch {
    // Whatever the reason, there is nothing to read.
    return { ...base, detail, version: '', error: vscode.l10n.t('{0} cannot be found or read.', detail) };
  }
}

function knobText({ variant, knobs }: { readonly variant: string; readonly knobs: Readonly<Record<string, unknown>> }): string {
  return [variant, ...Object.entries(knobs).map(([name, value]) => `${name} = ${JSON.stringify(value)}`)].join(', ');
}

/** What a member is, as text; equal members are told apart by their order. */
function ids(members: readonly Member[]): readonly string[] {
  const seen = new Map<string, number>();
  return members.map(({ entry, uri }) => {
    const key = JSON.stringify([uri?.toString() ?? '', entry.kind === 'file' ? entry.bindings : entry]);
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return `${key}#${count}`;
  });
}

function readOr(store: ComparisonStore, otherwise: Members): Members {
  try {
    return store.read();
  } catch {
    return otherwise; // described as the set's error
  }
}

/** Watches the models' files; a folder each, because a pattern must not meet special characters of a name. */
class Watchers implements vscode.Disposable {
  private key = '';
  private watchers: vscode.Disposable[] = [];

  constructor(private readonly changed: () => void) {}

  watch(uris: readonly vscode.Uri[]): void {
    const key = uris.map(String).join('\n');
    if (key === this.key) return;
    this.dispose();
    this.key = key;
    const watched = new Set(uris.map(String));
    const folders = new Map(uris.map((uri) => [vscode.Uri.joinPath(uri, '..').toString(), vscode.Uri.joinPath(uri, '..')]));
    for (const folder of folders.values()) {
      const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, '*'));
      const changed = (uri: vscode.Uri) => watched.has(uri.toString()) && this.changed();
      watcher.onDidChange(changed);
      watcher.onDidCreate(changed);
      watcher.onDidDelete(changed);
      this.watchers.push(watcher);
    }
  }

  dispose(): void {
    for (const watcher of this.watchers) watcher.dispose();
    this.watchers = [];
  }
}
