import * as vscode from 'vscode';
import { COMPARED_EXTENSIONS, IMAGE_EXTENSIONS, MODEL_EXTENSIONS } from './constants';
import { baseName } from './modelFiles';
import { recentModels } from './recentModels';

/** Files a quick pick lists at most; a larger workspace is searched by name in the dialog. */
const LISTED = 500;
const EXCLUDED = '**/{node_modules,.git,.venv,__pycache__}/**';

interface UriItem extends vscode.QuickPickItem {
  readonly uri: vscode.Uri | null;
}

/** Lets the person choose one of the workspace's models, the last used first, or any file. */
export function pickModel(context: vscode.ExtensionContext): Promise<vscode.Uri | undefined> {
  return pickRecent(context, MODEL_EXTENSIONS);
}

/** The same with checkpoints among them. */
export function pickModelOrCheckpoint(context: vscode.ExtensionContext): Promise<vscode.Uri | undefined> {
  return pickRecent(context, COMPARED_EXTENSIONS);
}

async function pickRecent(context: vscode.ExtensionContext, extensions: readonly string[]): Promise<vscode.Uri | undefined> {
  const recent = recentModels(context).filter((key) => extensions.some((extension) => key.toLowerCase().endsWith(`.${extension}`)));
  const found = await vscode.workspace.findFiles(`**/*.{${extensions.join(',')}}`, EXCLUDED, LISTED);
  const here = new Map(found.map((uri) => [uri.toString(), uri]));
  const rank = (uri: vscode.Uri) => {
    const index = recent.indexOf(uri.toString());
    return index < 0 ? recent.length : index;
  };
  for (const key of recent) {
    const uri = vscode.Uri.parse(key);
    if (!here.has(key) && (await exists(uri))) here.set(key, uri);
  }
  const uris = [...here.values()].sort((a, b) => rank(a) - rank(b) || a.path.localeCompare(b.path));
  return choose(uris, {
    placeHolder: vscode.l10n.t('Choose a model'),
    used: (uri) => recent.includes(uri.toString()),
    dialog: { [vscode.l10n.t('Models')]: [...extensions] },
  });
}

/** Lets the person choose one of the workspace's images, or any file. */
export async function pickImage(): Promise<vscode.Uri | undefined> {
  const found = await vscode.workspace.findFiles(`**/*.{${IMAGE_EXTENSIONS.join(',')}}`, EXCLUDED, LISTED);
  return choose(
    found.sort((a, b) => a.path.localeCompare(b.path)),
    {
      placeHolder: vscode.l10n.t('Choose an image'),
      used: () => false,
      dialog: { [vscode.l10n.t('Images')]: [...IMAGE_EXTENSIONS] },
    },
  );
}

async function choose(
  uris: readonly vscode.Uri[],
  options: { readonly placeHolder: string; readonly used: (uri: vscode.Uri) => boolean; readonly dialog: Record<string, string[]> },
): Promise<vscode.Uri | undefined> {
  const items: UriItem[] = uris.map((uri) => ({
    uri,
    label: baseName(uri),
    description: folderOf(uri),
    ...(options.used(uri) ? { detail: vscode.l10n.t('used before') } : {}),
  }));
  items.push({ uri: null, label: vscode.l10n.t('Browse...'), alwaysShow: true });
  const item =
    items.length === 1
      ? items[0]
      : await vscode.window.showQuickPick(items, { placeHolder: options.placeHolder, matchOnDescription: true });
  if (!item) return undefined;
  if (item.uri) return item.uri;
  const chosen = await vscode.window.showOpenDialog({ canSelectMany: false, title: options.placeHolder, filters: options.dialog });
  return chosen?.[0];
}

function folderOf(uri: vscode.Uri): string {
  const path = vscode.workspace.asRelativePath(uri);
  const end = path.lastIndexOf('/');
  return end < 0 ? '' : path.slice(0, end);
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false; // Whatever the reason, it cannot be offered.
  }
}
