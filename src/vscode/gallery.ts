import * as vscode from 'vscode';
import type { FamilySummary } from '../protocol';
import { formatCount, formatMacs } from '../protocol/format';
import type { Comparisons } from './compare';
import type { CompareParts } from './comparePage';
import { COMMANDS, EDITOR_VIEW_TYPE, GALLERY_VIEW } from './constants';
import { buildReference, fileName, referenceMember } from './references';

interface VariantNode {
  readonly variant: string;
  readonly source: string;
  /** Parameters and MACs as the engine counts them, short and in words; why not where it cannot. */
  readonly figures: { readonly short: string; readonly long: string };
}
type Node = FamilySummary | VariantNode;

/** Registers the tree of reference systems and what can be done with one. */
export function registerGallery(parts: CompareParts, comparisons: Comparisons): vscode.Disposable {
  const command = (id: string, action: (variant: string) => Promise<void>) =>
    vscode.commands.registerCommand(id, async ({ variant }: VariantNode) => {
      try {
        await action(variant);
      } catch (error) {
        await vscode.window.showErrorMessage(parts.host.explain(error));
      }
    });
  return vscode.Disposable.from(
    vscode.window.registerTreeDataProvider(GALLERY_VIEW, new Gallery(parts)),
    command(COMMANDS.openReference, async (variant) => {
      await vscode.commands.executeCommand('vscode.openWith', await buildReference(parts, variant, {}), EDITOR_VIEW_TYPE);
    }),
    command(COMMANDS.compareReference, (variant) => comparisons.add([referenceMember(variant)])),
    command(COMMANDS.exportReference, (variant) => exportReference(parts, variant)),
  );
}

async function exportReference({ host, context }: CompareParts, variant: string): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? context.globalStorageUri;
  const kinds = [
    { label: vscode.l10n.t('Structure only'), weights: 'none' as const },
    { label: vscode.l10n.t('With seeded weights'), weights: 'seeded' as const },
  ];
  const kind = await vscode.window.showQuickPick(kinds, { placeHolder: vscode.l10n.t('Weights of the exported model') });
  if (!kind) return;
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(folder, `${fileName(variant)}.onnx`),
    filters: { ONNX: ['onnx'] },
  });
  if (target) await vscode.workspace.fs.writeFile(target, await host.engine.buildArchitecture({ variant, weights: kind.weights }));
}

/** Families, and under each its variants with what the engine counts of them. */
class Gallery implements vscode.TreeDataProvider<Node> {
  constructor(private readonly parts: CompareParts) {}

  async getChildren(node?: Node): Promise<Node[]> {
    const { engine } = this.parts.host;
    if (!node) return [...(await engine.architectures({}))];
    if ('variant' in node) return [];
    const children: VariantNode[] = [];
    for (const { name } of node.variants) children.push({ variant: name, source: node.source, figures: await this.figures(name) });
    return children;
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if ('variant' in node) {
      const item = new vscode.TreeItem(node.variant, vscode.TreeItemCollapsibleState.None);
      item.description = node.figures.short;
      item.tooltip = `${node.variant}\n${node.figures.long}\n${node.source}`;
      item.contextValue = 'variant';
      item.command = { command: COMMANDS.openReference, title: vscode.l10n.t('Open as Model'), arguments: [node] };
      return item;
    }
    const item = new vscode.TreeItem(node.name, vscode.TreeItemCollapsibleState.Collapsed);
    item.tooltip = `${node.summary}\n${node.source}`;
    return item;
  }

  private async figures(variant: string): Promise<VariantNode['figures']> {
    try {
      const { record } = await this.parts.host.engine.architecture({ variant });
      const [parameters, macs] = [formatCount(record.parameters), formatMacs(record.macs)];
      return { short: `${parameters}, ${macs}`, long: `${vscode.l10n.t('{0} parameters', parameters)}, ${macs}` };
    } catch (error) {
      const reason = this.parts.host.explain(error);
      return { short: reason, long: reason };
    }
  }
}
