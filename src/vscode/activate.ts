import * as vscode from 'vscode';
import { registerCheckpointDiff } from './checkpointDiff';
import { registerCompare } from './compare';
import { COMMANDS, EDITOR_VIEW_TYPE } from './constants';
import { createEngineHost } from './engineHost';
import { registerInference } from './inferenceCommands';
import { ModelEditorProvider } from './modelEditor';
import { LocalCopies } from './modelFiles';
import { pickModelOrCheckpoint } from './pickers';
import { StatusItem } from './statusItem';

/** Registers everything; nothing is read and no process starts before a person asks. */
export function activateExtension(context: vscode.ExtensionContext): void {
  const host = createEngineHost(context);
  const copies = new LocalCopies();
  const status = new StatusItem();
  const editors = new ModelEditorProvider(context, host, copies, status);
  const openModel = vscode.commands.registerCommand(COMMANDS.openModel, async (clicked?: vscode.Uri) => {
    const uri = clicked ?? (await pickModelOrCheckpoint(context));
    if (uri) await vscode.commands.executeCommand('vscode.openWith', uri, EDITOR_VIEW_TYPE);
  });
  context.subscriptions.push(
    host,
    copies,
    status,
    editors.register(),
    openModel,
    registerInference({ context, host, copies, editors }),
    registerCompare({ context, host, copies, editors }),
    registerCheckpointDiff({ context, host, copies, editors }),
  );
}
