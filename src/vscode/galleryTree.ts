import * as vscode from 'vscode';
import type { FamilySummary, PublishedFigures } from '../protocol';
import { formatAtLeast, formatCount, formatMacs } from '../report/format';
import { COMMANDS } from './constants';
import type { EngineHost } from './engineHost';

/** A family in the tree of reference systems. */
export interface FamilyNode {
  readonly family: FamilySummary;
  readonly children: readonly VariantNode[];
}

/** A variant below its family. */
export interface VariantNode {
  readonly variant: string;
  readonly family: string;
  readonly source: string;
  readonly published: PublishedFigures | null;
  /** Parameters and MACs as the engine counts them, short and in words; why not where it cannot; `null` until it has. */
  figures: { readonly short: string; readonly long: string; readonly failed: boolean } | null;
}

type Node = FamilyNode | VariantNode;

/** Families, and under each its variants: their names at once, what the engine counts of them as it comes. */
export class GalleryTree implements vscode.TreeDataProvider<Node> {
  private readonly changed = new vscode.EventEmitter<Node>();
  readonly onDidChangeTreeData = this.changed.event;
  /** The end of the counting that was asked for: one variant after the other, for the engine is one process. */
  private counting: Promise<void> = Promise.resolve();

  constructor(private readonly host: EngineHost) {}

  async getChildren(node?: Node): Promise<Node[]> {
    if (!node) return (await this.host.engine.architectures({})).map(familyNode);
    if ('variant' in node) return [];
    this.counting = this.counting.then(() => this.count(node));
    return [...node.children];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return 'variant' in node ? variantItem(node) : familyItem(node);
  }

  private async count({ children }: FamilyNode): Promise<void> {
    for (const child of children) {
      if (child.figures && !child.figures.failed) continue;
      child.figures = await this.figures(child);
      this.changed.fire(child);
    }
  }

  private async figures({ family, variant }: VariantNode): Promise<VariantNode['figures']> {
    try {
      const { record, profile } = await this.host.engine.architecture({ family, variant });
      const [parameters, macs] = [
        formatAtLeast(record.parameters, formatCount, profile.lowerBounds.includes('parameters')),
        formatAtLeast(record.macs, formatMacs, profile.lowerBounds.includes('macs')),
      ];
      return { short: `${parameters}, ${macs}`, long: `${vscode.l10n.t('{0} parameters', parameters)}, ${macs}`, failed: false };
    } catch (error) {
      const reason = this.host.explain(error);
      return { short: reason, long: reason, failed: true };
    }
  }
}

function familyNode(family: FamilySummary): FamilyNode {
  const { name, source, variants } = family;
  return {
    family,
    children: variants.map((variant) => ({ variant: variant.name, family: name, source, published: variant.published, figures: null })),
  };
}

function familyItem(node: FamilyNode): vscode.TreeItem {
  const { name, summary, source } = node.family;
  const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Collapsed);
  item.tooltip = `${summary}\n${source}`;
  item.contextValue = 'family';
  item.command = { command: COMMANDS.openFamily, title: vscode.l10n.t('Open Page'), arguments: [node] };
  return item;
}

function variantItem(node: VariantNode): vscode.TreeItem {
  const { variant, figures, published, source } = node;
  const item = new vscode.TreeItem(variant, vscode.TreeItemCollapsibleState.None);
  item.description = figures?.short ?? '';
  const top1 = typeof published?.top1 === 'number' ? vscode.l10n.t('Published top-1: {0}%', published.top1) : '';
  item.tooltip = [variant, figures?.long ?? '', top1, source].filter((line) => line !== '').join('\n');
  item.contextValue = 'variant';
  item.command = { command: COMMANDS.openReference, title: vscode.l10n.t('Open as Model'), arguments: [node] };
  return item;
}
