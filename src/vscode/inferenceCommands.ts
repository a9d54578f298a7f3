import * as vscode from 'vscode';
import { COMMANDS } from './constants';
import { InferencePanel, type InferenceParts } from './inferencePanel';
import { pickImage, pickModel } from './pickers';

/** Registers the command behind the Explorer's menu, the palette and the model editor's button. */
export function registerInference(parts: InferenceParts): vscode.Disposable {
  const panels = new Set<InferencePanel>();
  // The Explorer passes the clicked file and the whole selection; the model editor passes its model third.
  const run = async (clicked?: vscode.Uri, selection?: readonly vscode.Uri[], model?: vscode.Uri) => {
    const images = selection?.length ? selection : clicked ? [clicked] : [];
    const chosen = images.length > 0 ? images : await pickOne();
    if (chosen.length === 0) return;
    const with_ = model ?? (await pickModel(parts.context));
    if (!with_) return;
    for (const image of chosen) show(image, with_);
  };
  const show = (image: vscode.Uri, model: vscode.Uri) => {
    const open = [...panels].find((panel) => panel.shows(image));
    if (open) {
      open.show(model);
      return;
    }
    const panel = new InferencePanel(parts, image, model);
    panels.add(panel);
    panel.onDidDispose(() => panels.delete(panel));
  };
  return vscode.commands.registerCommand(COMMANDS.runInference, run);
}

async function pickOne(): Promise<readonly vscode.Uri[]> {
  const image = await pickImage();
  return image ? [image] : [];
}
