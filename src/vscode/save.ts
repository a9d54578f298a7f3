import * as vscode from 'vscode';
import { UserError } from '../engine/errors';
import { notify } from './notify';

/** Writes bytes where the person chooses, and offers to open the result. Does nothing when they change their mind. */
export async function saveBytes(beside: vscode.Uri, name: string, bytes: Uint8Array): Promise<void> {
  const target = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.joinPath(beside, '..', name) });
  if (!target) return;
  await vscode.workspace.fs.writeFile(target, bytes);
  const open = vscode.l10n.t('Open');
  const choice = await notify.information(vscode.l10n.t('Saved {0}.', vscode.workspace.asRelativePath(target)), open);
  if (choice === open) await vscode.commands.executeCommand('vscode.open', target);
}

/**
 * Where the person wants a file that the engine writes itself; `undefined` when they change their mind.
 * @throws UserError for a place that is no folder of this machine.
 */
export async function chooseTarget(beside: vscode.Uri, name: string): Promise<vscode.Uri | undefined> {
  const target = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.joinPath(beside, '..', name) });
  if (target && target.scheme !== 'file') throw new UserError(vscode.l10n.t('Choose a folder on this machine to save to.'));
  return target;
}
