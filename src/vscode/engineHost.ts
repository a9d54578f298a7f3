import * as vscode from 'vscode';
import { EngineProcess } from '../engine/process';
import { type Client, type EngineApi, isForPeople } from '../protocol';
import { logLines, messageText } from '../text';
import { COMMANDS } from './constants';
import { notify } from './notify';

/** The engine as the extension's parts see it: its API, its log, and one way to report what went wrong. */
export interface EngineHost extends vscode.Disposable {
  readonly engine: Client<EngineApi>;
  readonly log: vscode.LogOutputChannel;
  /** The sentence to show for an error; bugs are logged with their stack. */
  explain(error: unknown): string;
}

/** Starts nothing: the engine's process begins with the first request. */
export function createEngineHost(context: vscode.ExtensionContext): EngineHost {
  const log = vscode.window.createOutputChannel('Model Loupe', { log: true });
  const engine = new EngineProcess({
    module: vscode.Uri.joinPath(context.extensionUri, 'dist', 'engine.cjs').fsPath,
    codeCache: vscode.Uri.joinPath(context.globalStorageUri, 'code').fsPath,
    log: (text) => {
      for (const line of logLines(text)) log.info(line);
    },
    onCrash: (reason) => void warnOfCrash(reason),
  });
  const restart = vscode.commands.registerCommand(COMMANDS.restartEngine, () => engine.restart());
  const show = vscode.commands.registerCommand(COMMANDS.showLog, () => log.show());
  return {
    engine: engine.api,
    log,
    explain: (error) => {
      const message = messageText(error instanceof Error ? error.message : String(error));
      if (isForPeople(error)) return message;
      for (const line of logLines(error instanceof Error ? (error.stack ?? error.message) : String(error))) log.error(line);
      return vscode.l10n.t('Something went wrong in Model Loupe: {0} The log has the details.', message);
    },
    dispose: () => {
      vscode.Disposable.from(restart, show, log).dispose();
      engine.dispose();
    },
  };
}

async function warnOfCrash(reason: string): Promise<void> {
  const showLog = vscode.l10n.t('Show Log');
  const choice = await notify.warning(reason, showLog);
  if (choice === showLog) await vscode.commands.executeCommand(COMMANDS.showLog);
}
