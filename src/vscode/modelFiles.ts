import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../engine/errors';
import type { ModelSource } from '../protocol';
import { SECTION, SETTINGS } from './constants';

const MEGABYTE = 1_000_000;

/**
 * Where the engine finds a document's bytes. A `file:` document is read in
 * place by range. Other schemes have no ranged reads, so the whole document is
 * copied to a temporary folder first, after a question when it is large.
 */
export class LocalCopies implements vscode.Disposable {
  private readonly copies = new Map<string, { readonly version: string; readonly path: string }>();
  private readonly folder = join(tmpdir(), `model-loupe-${randomUUID()}`);

  async source(uri: vscode.Uri): Promise<ModelSource> {
    return { kind: 'file', path: await this.path(uri) };
  }

  /** Path on this machine of the document's bytes. */
  async path(uri: vscode.Uri): Promise<string> {
    if (uri.scheme === 'file') return uri.fsPath;
    const info = await vscode.workspace.fs.stat(uri);
    const version = `${info.size}:${info.mtime}`;
    const known = this.copies.get(uri.toString());
    if (known?.version === version) return known.path;
    await this.ask(uri, info.size);
    const folder = join(this.folder, randomUUID());
    await mkdir(folder, { recursive: true });
    const path = join(folder, baseName(uri));
    await writeFile(path, await vscode.workspace.fs.readFile(uri));
    this.copies.set(uri.toString(), { version, path });
    return path;
  }

  dispose(): void {
    void rm(this.folder, { recursive: true, force: true });
  }

  private async ask(uri: vscode.Uri, size: number): Promise<void> {
    const limit = vscode.workspace.getConfiguration(SECTION).get<number>(SETTINGS.maxRemoteFileSize, 512) * MEGABYTE;
    if (size <= limit) return;
    const copy = vscode.l10n.t('Copy');
    const megabytes = Math.round(size / MEGABYTE);
    const choice = await vscode.window.showWarningMessage(
      vscode.l10n.t('{0} has {1} MB and must be copied from {2} before it can be read.', baseName(uri), megabytes, uri.scheme),
      { modal: true },
      copy,
    );
    if (choice !== copy) throw new UserError(vscode.l10n.t('{0} was not copied, so it cannot be read.', baseName(uri)));
  }
}

/** The last part of a uri's path. */
export function baseName(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}
