import * as vscode from 'vscode';
import type { Knobs } from '../protocol';
import type { CompareParts } from './comparePage';
import type { Member } from './compareStore';

/** A reference system as a file that an editor can open: structure only, in the extension's own storage. */
export async function buildReference({ host, context }: CompareParts, variant: string, knobs: Knobs): Promise<vscode.Uri> {
  const bytes = await host.engine.buildArchitecture({ variant, knobs, weights: 'none' });
  const settings = Object.entries(knobs).map(([name, value]) => `${name}-${String(value)}`);
  const target = vscode.Uri.joinPath(context.globalStorageUri, 'reference', `${fileName([variant, ...settings].join(' '))}.onnx`);
  await vscode.workspace.fs.writeFile(target, bytes);
  return target;
}

/** A variant as a row of a comparison. */
export function referenceMember(variant: string): Member {
  return { entry: { kind: 'architecture', variant, label: variant, knobs: {} }, uri: null };
}

/** A variant's name without what file systems refuse. */
export function fileName(variant: string): string {
  return variant.replace(/[^\p{L}\p{N} @.+-]+/gu, '-');
}
