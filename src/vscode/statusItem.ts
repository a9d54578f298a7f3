import * as vscode from 'vscode';
import type { ModelOverview } from '../protocol';
import { formatAtLeast, formatCount, formatExact, formatMacs } from '../report/format';
import { COMMANDS } from './constants';

/** The figures of the model in front, in the status bar; a click takes the model into the comparison. */
export class StatusItem implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('modelLoupe.model', vscode.StatusBarAlignment.Right, 100);
  private owner: unknown = null;

  constructor() {
    this.item.name = vscode.l10n.t('Model Loupe');
  }

  dispose(): void {
    this.item.dispose();
  }

  /** Shows a model's figures for as long as `owner`, its editor, is in front. */
  show(owner: unknown, uri: vscode.Uri, { totals, lowerBounds }: ModelOverview): void {
    this.owner = owner;
    const macs = formatAtLeast(totals.macs, formatMacs, lowerBounds.includes('macs'));
    this.item.text = `$(telescope) ${macs}, ${formatCount(totals.parameters)}`;
    this.item.tooltip = vscode.l10n.t(
      '{0} MACs, {1} parameters. Click to add this model to the comparison.',
      formatExact(totals.macs),
      formatExact(totals.parameters),
    );
    this.item.command = { command: COMMANDS.addToComparison, title: '', arguments: [uri] };
    this.item.show();
  }

  /** The editor went to the back, or is gone. */
  leave(owner: unknown): void {
    if (this.owner !== owner) return;
    this.owner = null;
    this.item.hide();
  }
}
