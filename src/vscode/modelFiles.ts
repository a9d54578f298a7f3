import * as vscode from 'vscode';
import { UserError } from '../engine/errors';
import { TemporaryCopies } from '../engine/temporaryCopies';
import type { ModelSource } from '../protocol';
import { SECTION, SETTINGS } from './constants';
import { notify } from './notify';

const MEGABYTE = 1_000_000;

/**
 * Where the engine finds a document's bytes. A `file:` document is read in
 * place by range. Other schemes have no ranged reads, so the whole document is
 * copied to a temporary folder first, after a question when it is large. An
 * editor or panel holds its copies, and they go when it is closed.
 */
export class LocalCopies implements vscode.Disposable {
  private readonly copies = new TemporaryCopies();

  hold(): HeldCopies {
    return new HeldCopies(this.copies);
  }

  dispose(): void {
    this.copies.dispose();
  }
}

/** What one editor or panel reads. */
export class HeldCopies implements vscode.Disposable {
  private closed = false;

  constructor(private readonly copies: TemporaryCopies) {}

  async source(uri: vscode.Uri): Promise<ModelSource> {
    return { kind: 'file', path: await this.path(uri) };
  }

  /** Path on this machine of the document's bytes. */
  async path(uri: vscode.Uri): Promise<string> {
    if (uri.scheme === 'file') return uri.fsPath;
    const { size, mtime } = await vscode.workspace.fs.stat(uri);
    if (this.closed) throw new UserError(vscode.l10n.t('{0} is closed.', baseName(uri)));
    const read = async () => {
      await this.ask(uri, size);
      return vscode.workspace.fs.readFile(uri);
    };
    return this.copies.path({ key: uri.toString(), version: `${size}:${mtime}`, name: baseName(uri), read }, this);
  }

  dispose(): void {
    this.closed = true;
    this.copies.release(this);
  }

  private async ask(uri: vscode.Uri, size: number): Promise<void> {
    const limit = vscode.workspace.getConfiguration(SECTION).get<number>(SETTINGS.maxRemoteFileSize, 512) * MEGABYTE;
    if (size <= limit) return;
    const copy = vscode.l10n.t('Copy');
    const megabytes = Math.round(size / MEGABYTE);
    const question = vscode.l10n.t(
      '{0} has {1} MB and must be copied from {2} before it can be read.',
      baseName(uri),
      megabytes,
      uri.scheme,
    );
    const choice = await notify.question(question, copy);
    if (choice !== copy) throw new UserError(vscode.l10n.t('{0} was not copied, so it cannot be read.', baseName(uri)));
  }
}

/** The last part of a uri's path. */
export function baseName(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}
