import * as vscode from 'vscode';
import { type CheckpointDiffViewApi, type Handlers, type ModelReference, serve } from '../protocol';
import type { CompareParts } from './compareParts';
import { CHECKPOINT_DIFF_VIEW_TYPE, COMMANDS } from './constants';
import { baseName, type HeldCopies } from './modelFiles';
import { notify } from './notify';
import { pickModelOrCheckpoint } from './pickers';
import { chooseTarget, saveBytes } from './save';
import { tabIcon } from './tabIcon';
import { webviewChannel } from './webviewChannel';
import { fillPage } from './webviewPage';

/** Registers the command that compares two checkpoints, or a checkpoint and a model; each pair has a panel of its own. */
export function registerCheckpointDiff(parts: CompareParts): vscode.Disposable {
  return vscode.commands.registerCommand(COMMANDS.compareCheckpoints, async (clicked?: vscode.Uri, selection?: readonly vscode.Uri[]) => {
    const [first, second] = selection?.length ? selection : clicked ? [clicked] : [];
    const before = first ?? (await pickModelOrCheckpoint(parts.context));
    const after = before && (second ?? (await pickModelOrCheckpoint(parts.context)));
    if (before && after) showDiff(parts, before, after);
  });
}

function showDiff(parts: CompareParts, before: vscode.Uri, after: vscode.Uri): void {
  const title = vscode.l10n.t('{0} and {1}', baseName(before), baseName(after));
  const panel = vscode.window.createWebviewPanel(CHECKPOINT_DIFF_VIEW_TYPE, title, vscode.ViewColumn.Active, {
    retainContextWhenHidden: true,
  });
  panel.iconPath = tabIcon(parts.context.extensionUri);
  const copies = parts.copies.hold();
  const stop = serve<CheckpointDiffViewApi>(webviewChannel(panel.webview), handlers(parts, copies, [before, after]));
  panel.onDidDispose(() => {
    stop();
    copies.dispose();
  });
  fillPage(panel.webview, { extension: parts.context.extensionUri, entry: 'checkpointDiff', element: 'checkpoint-diff-view', title });
}

function handlers(parts: CompareParts, copies: HeldCopies, files: readonly [vscode.Uri, vscode.Uri]): Handlers<CheckpointDiffViewApi> {
  const { engine } = parts.host;
  const sides = (swapped: boolean) => {
    const [before, after] = swapped ? [files[1], files[0]] : files;
    return { before, after };
  };
  const references = async (swapped: boolean): Promise<{ before: ModelReference; after: ModelReference }> => {
    const { before, after } = sides(swapped);
    return { before: await copies.source(before), after: await copies.source(after) };
  };
  return {
    diff: async ({ keysOnly, swapped }, { signal, progress }) =>
      engine.checkpointDiff({ ...(await references(swapped)), keysOnly }, { signal, onProgress: progress }),
    mend: async ({ swapped }, { signal }) => {
      const { before } = sides(swapped);
      const target = await chooseTarget(before, `${baseName(before).replace(/\.[^.]*$/, '')}.mended.safetensors`);
      if (!target) return;
      const { tensors, missing } = await engine.mendCheckpoint({ ...(await references(swapped)), path: target.fsPath }, { signal });
      const told = vscode.l10n.t(
        'Wrote {0} tensors to {1}; {2} names of the model are still missing.',
        tensors,
        baseName(target),
        missing.length,
      );
      void notify.information(told);
    },
    open: async ({ tensor, side, swapped }) => parts.editors.reveal(sides(swapped)[side], tensor),
    copy: async ({ text }) => vscode.env.clipboard.writeText(text),
    save: ({ name, bytes }) => saveBytes(files[0], name, bytes),
  };
}
