import * as vscode from 'vscode';
import { editLoupe, type LoupeEdit, type LoupeEntry, type LoupeFile, newLoupe, parseLoupe } from '../engine/comparisonFile';
import { UserError } from '../engine/errors';
import { baseName } from './modelFiles';

/** One model of a comparison: its entry, and where a file's lies. */
export interface Member {
  readonly entry: LoupeEntry;
  /** Of a file; `null` for anything else. */
  readonly uri: vscode.Uri | null;
}

/** A comparison's models in order, and which one the others are measured against. */
export interface Members {
  readonly members: readonly Member[];
  readonly baseline: number;
}

/** Where a comparison's models stand: in an open `.loupe.json`, or nowhere yet. */
export interface ComparisonStore {
  readonly title: string;
  /** The file; `null` while there is none. */
  readonly uri: vscode.Uri | null;
  /** @throws UserError when the file is no comparison. */
  read(): Members;
  add(models: readonly Member[]): Promise<void>;
  remove(index: number): Promise<void>;
  setBaseline(index: number): Promise<void>;
  onDidChange(listener: () => void): vscode.Disposable;
}

/** A `.loupe.json` that is open; every change is an edit of its text that can be undone. */
export class DocumentStore implements ComparisonStore {
  /** Of the text's version: every request of the page asks for the members. */
  private parsed: { readonly version: number; readonly content: LoupeFile } | null = null;

  constructor(private readonly document: vscode.TextDocument) {}

  get title(): string {
    return baseName(this.document.uri);
  }

  get uri(): vscode.Uri {
    return this.document.uri;
  }

  read(): Members {
    const { version, uri } = this.document;
    if (this.parsed?.version !== version) this.parsed = { version, content: parseLoupe(this.document.getText()) };
    const { entries, baseline } = this.parsed.content;
    return { members: entries.map((entry) => locate(entry, uri)), baseline };
  }

  async add(models: readonly Member[]): Promise<void> {
    await this.edit({ kind: 'add', entries: models.map((model) => relativeEntry(model, this.document.uri)) });
  }

  async remove(index: number): Promise<void> {
    await this.edit({ kind: 'remove', index });
  }

  async setBaseline(index: number): Promise<void> {
    await this.edit({ kind: 'baseline', index });
  }

  onDidChange(listener: () => void): vscode.Disposable {
    return vscode.workspace.onDidChangeTextDocument((event) => event.document === this.document && listener());
  }

  private async edit(edit: LoupeEdit): Promise<void> {
    const text = this.document.getText();
    const whole = new vscode.Range(this.document.positionAt(0), this.document.positionAt(text.length));
    const change = new vscode.WorkspaceEdit();
    change.replace(this.document.uri, whole, editLoupe(text, edit));
    await vscode.workspace.applyEdit(change);
  }
}

/** A comparison without a file. */
export class UntitledStore implements ComparisonStore {
  readonly title = vscode.l10n.t('Comparison');
  readonly uri = null;
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;

  constructor(
    private members: readonly Member[],
    private baseline = 0,
  ) {}

  read(): Members {
    return { members: this.members, baseline: this.baseline };
  }

  async add(models: readonly Member[]): Promise<void> {
    this.set([...this.members, ...models], this.baseline);
  }

  async remove(index: number): Promise<void> {
    const baseline = index === this.baseline ? 0 : index < this.baseline ? this.baseline - 1 : this.baseline;
    this.set(
      this.members.filter((_, place) => place !== index),
      baseline,
    );
  }

  async setBaseline(index: number): Promise<void> {
    this.set(this.members, index);
  }

  private set(members: readonly Member[], baseline: number): void {
    this.members = members;
    this.baseline = baseline;
    this.changed.fire();
  }
}

/** A model file as a row of a comparison, at the sizes its free dimensions are assumed to have. */
export function fileMember(uri: vscode.Uri): Member {
  return { entry: { kind: 'file', file: baseName(uri), label: baseName(uri), bindings: {} }, uri };
}

/** The text of a file at `target` that holds these models. */
export function fileText({ members, baseline }: Members, target: vscode.Uri): string {
  return newLoupe(
    members.map((member) => relativeEntry(member, target)),
    baseline,
  );
}

/** Finds an entry's file; one outside the workspace is refused, wherever `..` leads. */
function locate(entry: LoupeEntry, from: vscode.Uri): Member {
  if (entry.kind !== 'file') return { entry, uri: null };
  const uri = vscode.Uri.joinPath(from, '..', entry.file);
  if (isInside(uri, from)) return { entry, uri };
  return {
    entry: {
      kind: 'wrong',
      label: entry.label,
      error: vscode.l10n.t('"{0}" lies outside the workspace folder; move the model into it.', entry.file),
    },
    uri: null,
  };
}

/** @throws UserError when a file at `target` cannot name the model by a relative path. */
function relativeEntry({ entry, uri }: Member, target: vscode.Uri): LoupeEntry {
  if (entry.kind !== 'file' || !uri) return entry;
  if (!isInside(uri, target)) {
    throw new UserError(vscode.l10n.t('{0} lies outside the workspace folder, so a comparison file cannot name it.', baseName(uri)));
  }
  return { ...entry, file: relativePath(target, uri) };
}

/** True in any workspace folder, and under the folder of the comparison's own file. */
function isInside(uri: vscode.Uri, from: vscode.Uri): boolean {
  if (uri.scheme !== from.scheme || uri.authority !== from.authority) return false;
  return vscode.workspace.getWorkspaceFolder(uri) !== undefined || uri.path.startsWith(`${vscode.Uri.joinPath(from, '..').path}/`);
}

/** Path from the folder that holds `from`, with `/` on every system. */
function relativePath(from: vscode.Uri, to: vscode.Uri): string {
  const base = from.path.split('/').slice(0, -1);
  const parts = to.path.split('/');
  let same = 0;
  while (same < base.length && same < parts.length - 1 && base[same] === parts[same]) same += 1;
  return [...base.slice(same).map(() => '..'), ...parts.slice(same)].join('/');
}
