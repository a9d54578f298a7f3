import type * as vscode from 'vscode';
import { activateExtension } from './vscode/activate';

/** VS Code's entry: called once, with the first event of package.json's `activationEvents`. */
export function activate(context: vscode.ExtensionContext): void {
  activateExtension(context);
}
