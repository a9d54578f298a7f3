import * as vscode from 'vscode';
import type { CompareParts } from './compareParts';
import { pickMembers } from './comparePick';
import { fileMember } from './compareStore';
import { Comparisons } from './comparisons';
import { COMMANDS, COMPARE_VIEW_TYPE, COMPARED_EXTENSIONS } from './constants';
import { registerGallery } from './gallery';
import { pickModelOrCheckpoint } from './pickers';

/** Registers the editor of `.loupe.json` files and the two commands that begin and widen a comparison. */
export function registerCompare(parts: CompareParts): vscode.Disposable {
  const comparisons = new Comparisons(parts);
  return vscode.Disposable.from(
    registerGallery(parts, comparisons),
    vscode.window.registerCustomEditorProvider(COMPARE_VIEW_TYPE, comparisons, { webviewOptions: { retainContextWhenHidden: true } }),
    vscode.commands.registerCommand(COMMANDS.compareBudgets, async (clicked?: vscode.Uri, selection?: readonly vscode.Uri[]) => {
      const files = modelsAmong(selection?.length ? selection : clicked ? [clicked] : []);
      const members = files.length > 0 ? files.map(fileMember) : await pickMembers(parts);
      if (members.length > 0) comparisons.start(members);
    }),
    vscode.commands.registerCommand(COMMANDS.addToComparison, async (clicked?: vscode.Uri, selection?: readonly vscode.Uri[]) => {
      const files = modelsAmong(selection?.length ? selection : clicked ? [clicked] : []);
      const picked = files.length > 0 ? undefined : await pickModelOrCheckpoint(parts.context);
      const members = (picked ? [picked] : files).map(fileMember);
      if (members.length > 0) await comparisons.add(members);
    }),
  );
}

function modelsAmong(uris: readonly vscode.Uri[]): readonly vscode.Uri[] {
  return uris.filter(({ path }) => COMPARED_EXTENSIONS.some((extension) => path.toLowerCase().endsWith(`.${extension}`)));
}
