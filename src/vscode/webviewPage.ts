import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { escapeMarkup } from '../text';
import { PAGE_STYLE } from './pageStyle';

/** What a page is made of. */
export interface PageOptions {
  readonly extension: vscode.Uri;
  /** Bundle in dist/webview without its extension. */
  readonly entry: 'model' | 'checkpoint' | 'checkpointDiff' | 'inference' | 'compare' | 'family';
  /** The custom element that fills the page. */
  readonly element: string;
  readonly title: string;
}

/** Gives a webview its page: one script of ours under a strict policy, nothing from elsewhere. The views speak English. */
export function fillPage(webview: vscode.Webview, options: PageOptions): void {
  const root = vscode.Uri.joinPath(options.extension, 'dist', 'webview');
  webview.options = { enableScripts: true, localResourceRoots: [root] };
  const nonce = randomBytes(16).toString('base64');
  const script = webview.asWebviewUri(vscode.Uri.joinPath(root, `${options.entry}.js`));
  const icons = webview.asWebviewUri(vscode.Uri.joinPath(root, 'codicon.css'));
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    // Lit and the controls put their own style elements into shadow roots.
    `style-src ${webview.cspSource} 'unsafe-inline'`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} blob: data:`,
  ].join('; ');
  webview.html = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(options.title)}</title>
<link rel="stylesheet" href="${icons}">
<style>${PAGE_STYLE}</style>
</head>
<body data-trusted="${vscode.workspace.isTrusted}">
<${options.element}></${options.element}>
<script type="module" nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}
