import type * as vscode from 'vscode';

const KEY = 'recentModels';
const KEPT = 20;

/** Uris of the models last opened or run in this workspace, newest first. */
export function recentModels(context: vscode.ExtensionContext): readonly string[] {
  return context.workspaceState.get<readonly string[]>(KEY, []);
}

/** Puts a model first among those that the next choice offers. */
export async function rememberModel(context: vscode.ExtensionContext, uri: vscode.Uri): Promise<void> {
  const key = uri.toString();
  const rest = recentModels(context).filter((other) => other !== key);
  await context.workspaceState.update(KEY, [key, ...rest].slice(0, KEPT));
}
