import * as vscode from 'vscode';
import type { ArchitectureRequest, Knobs } from '../protocol';
import type { CompareParts } from './compareParts';
import type { Member } from './compareStore';
import { EDITOR_VIEW_TYPE } from './constants';
import { referenceFileName, referenceLabel } from './referenceNames';

/** A reference system as a file that an editor can open: structure only, in the extension's own storage. */
export async function buildReference({ host, context }: CompareParts, variant: string, knobs: Knobs): Promise<vscode.Uri> {
  const bytes = await host.engine.buildArchitecture({ variant, knobs, weights: 'none' });
  const target = vscode.Uri.joinPath(context.globalStorageUri, 'reference', `${referenceFileName(variant, knobs)}.onnx`);
  if (!(await holds(target, bytes))) await vscode.workspace.fs.writeFile(target, bytes);
  return target;
}

/** An editor that shows the file would read it anew whenever it is written. */
async function holds(uri: vscode.Uri, bytes: Uint8Array): Promise<boolean> {
  try {
    return Buffer.compare(await vscode.workspace.fs.readFile(uri), bytes) === 0;
  } catch {
    return false; // there is no such file yet
  }
}

/** Opens a reference system as a model; `variant` may be a family's name, which means its default knobs. */
export async function openReference(parts: CompareParts, variant: string, knobs: Knobs = {}): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', await buildReference(parts, variant, knobs), EDITOR_VIEW_TYPE);
}

/** A variant as a row of a comparison. */
export function referenceMember(variant: string, knobs: Knobs = {}): Member {
  return { entry: { kind: 'architecture', variant, label: referenceLabel(variant, knobs), knobs }, uri: null };
}

/** Asks for the weights and the place, and writes an ONNX file there. */
export async function exportReference({ host, context }: CompareParts, variant: string, knobs: Knobs = {}): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? context.globalStorageUri;
  const kinds = [
    { label: vscode.l10n.t('Structure only'), weights: 'none' as const },
    { label: vscode.l10n.t('With seeded weights'), weights: 'seeded' as const },
  ];
  const kind = await vscode.window.showQuickPick(kinds, { placeHolder: vscode.l10n.t('Weights of the exported model') });
  if (!kind) return;
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(folder, `${referenceFileName(variant, knobs)}.onnx`),
    filters: { ONNX: ['onnx'] },
  });
  if (!target) return;
  const bytes = await withProgress(host, { variant, knobs, weights: kind.weights });
  if (bytes) await vscode.workspace.fs.writeFile(target, bytes);
}

/** Large weights take their time; `null` when the person does not wait for them. */
async function withProgress(
  { engine }: CompareParts['host'],
  request: ArchitectureRequest & { readonly variant: string; readonly weights: 'none' | 'seeded' },
): Promise<Uint8Array | null> {
  const title = vscode.l10n.t('Building {0}', request.variant);
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (_progress, token) => {
      const work = new AbortController();
      const cancelled = token.onCancellationRequested(() => work.abort());
      try {
        return await engine.buildArchitecture(request, { signal: work.signal });
      } catch (error) {
        if (work.signal.aborted) return null;
        throw error;
      } finally {
        cancelled.dispose();
      }
    },
  );
}
