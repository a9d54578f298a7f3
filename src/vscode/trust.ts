import * as vscode from 'vscode';
import { UserError } from '../engine/errors';

/**
 * Running a model executes native code on what the file says.
 * @throws UserError in a workspace that is not trusted.
 */
export function refuseUntrusted(): void {
  if (vscode.workspace.isTrusted) return;
  throw new UserError(vscode.l10n.t('Running a model executes native code, so it is for trusted workspaces only. Trust this one first.'));
}
