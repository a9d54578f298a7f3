import * as vscode from 'vscode';
import { UserError } from '../engine/errors';
import { COMPARISON_EXTENSION } from './constants';
import { baseName } from './modelFiles';

/**
 * Asks where a comparison is to be saved; the file's name ends so that it opens as a comparison again.
 * @throws UserError when the name that was completed is taken, for the dialog has not asked about that one.
 */
export async function askForComparisonFile(folder: vscode.Uri): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(folder, `models.${COMPARISON_EXTENSION}`),
    // VS Code's own dialog, which remote windows have, holds only the last part of a name against this and would add two.
    filters: { [vscode.l10n.t('Comparisons')]: ['json'] },
  });
  if (!chosen || chosen.path.endsWith(`.${COMPARISON_EXTENSION}`)) return chosen;
  const complete = chosen.with({ path: `${chosen.path.replace(/\.json$/, '')}.${COMPARISON_EXTENSION}` });
  if (await exists(complete)) throw new UserError(vscode.l10n.t('{0} exists already; choose another name.', baseName(complete)));
  return complete;
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false; // Whatever the reason, writing will say it.
  }
}
