import * as vscode from 'vscode';
import type { FamilySummary } from '../protocol';
import type { CompareParts } from './compareParts';
import type { Comparisons } from './comparisons';
import { COMMANDS, FAMILY_VIEW_TYPE, GALLERY_VIEW } from './constants';
import { FamilyPages } from './familyPage';
import { type FamilyNode, GalleryTree, type VariantNode } from './galleryTree';
import { notify } from './notify';
import { exportReference, openReference, referenceMember } from './references';

/** Registers the tree of reference systems, the page of each family, and what can be done with a variant. */
export function registerGallery(parts: CompareParts, comparisons: Comparisons): vscode.Disposable {
  const pages = new FamilyPages(parts, comparisons);
  const command = <Argument>(id: string, action: (argument: Argument) => Promise<void>) =>
    vscode.commands.registerCommand(id, async (argument: Argument) => {
      try {
        await action(argument);
      } catch (error) {
        await notify.error(parts.host.explain(error));
      }
    });
  return vscode.Disposable.from(
    vscode.window.registerTreeDataProvider(GALLERY_VIEW, new GalleryTree(parts.host)),
    vscode.window.registerWebviewPanelSerializer(FAMILY_VIEW_TYPE, pages),
    command(COMMANDS.openReferences, async () => {
      const family = await pickFamily(await parts.host.engine.architectures({}));
      if (family) pages.show(family);
    }),
    command(COMMANDS.openFamily, async ({ family }: FamilyNode) => pages.show(family.name)),
    command(COMMANDS.openReference, ({ variant }: VariantNode) => openReference(parts, variant)),
    command(COMMANDS.compareReference, ({ variant }: VariantNode) => comparisons.add([referenceMember(variant)])),
    command(COMMANDS.exportReference, ({ variant }: VariantNode) => exportReference(parts, variant)),
  );
}

async function pickFamily(families: readonly FamilySummary[]): Promise<string | undefined> {
  const items = families.map(({ name, summary, variants }) => ({
    label: name,
    description: variants.length === 1 ? vscode.l10n.t('1 variant') : vscode.l10n.t('{0} variants', variants.length),
    detail: summary,
  }));
  const placeHolder = vscode.l10n.t('Choose a family of reference systems');
  return (await vscode.window.showQuickPick(items, { matchOnDetail: true, placeHolder }))?.label;
}
