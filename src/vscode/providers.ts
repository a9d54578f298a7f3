import * as vscode from 'vscode';
import { SECTION, SETTINGS } from './constants';

/** The setting's providers, as the engine takes them: separated by commas. */
export function wishedProviders(): string {
  return vscode.workspace.getConfiguration(SECTION).get<readonly string[]>(SETTINGS.providers, ['auto']).join(',') || 'auto';
}
