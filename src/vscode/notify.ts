import * as vscode from 'vscode';
import { notificationText } from '../text';

/** Shows notifications; the one way for them, since what they quote comes from files. Each gives the choice that was made. */
export const notify = {
  error: (message: string) => vscode.window.showErrorMessage(notificationText(message)),
  warning: (message: string, ...choices: readonly string[]) => vscode.window.showWarningMessage(notificationText(message), ...choices),
  information: (message: string, ...choices: readonly string[]) =>
    vscode.window.showInformationMessage(notificationText(message), ...choices),
  /** A question that must be answered before anything goes on. */
  question: (message: string, choice: string) => vscode.window.showWarningMessage(notificationText(message), { modal: true }, choice),
} as const;
