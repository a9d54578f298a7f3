import * as vscode from 'vscode';
import { notify } from './notify';

/** Editors that a file which is no model, or a broken one, can be looked at with. */
export type OtherEditor = 'text' | 'hex';

/** VS Code's own hex editor, an extension of Microsoft's that is not built in. */
const HEX_EDITOR = { extension: 'ms-vscode.hexeditor', view: 'hexEditor.hexedit' } as const;

/** Opens a file in another editor; where there is no hex editor, offers to look for one. */
export async function openAs(uri: vscode.Uri, editor: OtherEditor): Promise<void> {
  if (editor === 'text') {
    await vscode.commands.executeCommand('vscode.openWith', uri, 'default');
    return;
  }
  if (vscode.extensions.getExtension(HEX_EDITOR.extension)) {
    await vscode.commands.executeCommand('vscode.openWith', uri, HEX_EDITOR.view);
    return;
  }
  const find = vscode.l10n.t('Find it');
  const chosen = await notify.information(vscode.l10n.t('The Hex Editor extension is not installed.'), find);
  if (chosen === find) await vscode.commands.executeCommand('workbench.extensions.search', `@id:${HEX_EDITOR.extension}`);
}
