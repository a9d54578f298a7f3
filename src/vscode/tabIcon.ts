import * as vscode from 'vscode';

/** The icon on our panels' tabs, which VS Code draws as it is: one for light themes, one for dark. */
export function tabIcon(extension: vscode.Uri): { readonly light: vscode.Uri; readonly dark: vscode.Uri } {
  const file = (theme: 'light' | 'dark') => vscode.Uri.joinPath(extension, 'media', `tab-${theme}.svg`);
  return { light: file('light'), dark: file('dark') };
}
