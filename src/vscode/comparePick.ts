import * as vscode from 'vscode';
import { formatCount, formatMacs } from '../report/format';
import type { CompareParts } from './compareParts';
import { fileMember, type Member } from './compareStore';
import { COMPARED_EXTENSIONS } from './constants';
import { baseName } from './modelFiles';

/** Files a quick pick lists at most; others are found by the dialog. */
const LISTED = 500;
const EXCLUDED = '**/{node_modules,.git,.venv,__pycache__}/**';

interface MemberItem extends vscode.QuickPickItem {
  readonly member?: Member;
  readonly browse?: true;
}

/** Lets the person choose any number of the workspace's models, of reference systems, or any files. */
export async function pickMembers({ host }: Pick<CompareParts, 'host'>): Promise<readonly Member[]> {
  const items = Promise.all([workspaceItems(), referenceItems(host)]).then((groups) => groups.flat());
  const chosen = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    matchOnDescription: true,
    placeHolder: vscode.l10n.t('Choose models and reference systems to compare'),
  });
  if (!chosen) return [];
  const members = chosen.flatMap(({ member }) => member ?? []);
  return chosen.some(({ browse }) => browse) ? [...members, ...(await browse())] : members;
}

async function workspaceItems(): Promise<readonly MemberItem[]> {
  const found = await vscode.workspace.findFiles(`**/*.{${COMPARED_EXTENSIONS.join(',')}}`, EXCLUDED, LISTED);
  const sorted = found.sort((a, b) => a.path.localeCompare(b.path));
  return [
    separator(vscode.l10n.t('Models of the workspace')),
    ...sorted.map((uri) => ({ label: baseName(uri), description: folderOf(uri), member: fileMember(uri) })),
    { label: vscode.l10n.t('Browse...'), alwaysShow: true, browse: true },
  ];
}

async function referenceItems(host: CompareParts['host']): Promise<readonly MemberItem[]> {
  const families = await host.engine.architectures({});
  return families.flatMap(({ name, variants }) => [
    separator(vscode.l10n.t('Reference systems: {0}', name)),
    ...variants.map((variant) => ({
      label: variant.name,
      description: publishedText(variant.published),
      member: { entry: { kind: 'architecture' as const, variant: variant.name, label: variant.name, knobs: {} }, uri: null },
    })),
  ]);
}

function publishedText(published: { readonly parameters: number | null; readonly macs: number | null } | null): string {
  if (!published) return '';
  const parameters = published.parameters === null ? '' : vscode.l10n.t('{0} parameters', formatCount(published.parameters));
  return [parameters, published.macs === null ? '' : formatMacs(published.macs)].filter((part) => part !== '').join(', ');
}

async function browse(): Promise<readonly Member[]> {
  const uris = await vscode.window.showOpenDialog({
    canSelectMany: true,
    filters: { [vscode.l10n.t('Models')]: [...COMPARED_EXTENSIONS] },
  });
  return (uris ?? []).map(fileMember);
}

function separator(label: string): MemberItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

function folderOf(uri: vscode.Uri): string {
  const path = vscode.workspace.asRelativePath(uri);
  const end = path.lastIndexOf('/');
  return end < 0 ? '' : path.slice(0, end);
}
