import type { Page } from 'playwright-core';
import type { ModelViewApi } from '../../../src/protocol';
import { bundleView, openView, screenshot as save, type ViewOptions, type ViewPage } from './viewPage';

export interface ModelViewOptions extends ViewOptions<ModelViewApi> {
  readonly state?: Readonly<Record<string, unknown>>;
}

export interface ModelPage extends ViewPage {
  /** What the view has kept for its next life under its own key. */
  kept(): Promise<Record<string, unknown>>;
}

export const bundleModelView = () => bundleView('model');

/** Opens the model editor's view; its state is kept under `model`. */
export async function openModelView(options: ModelViewOptions): Promise<ModelPage> {
  const { state, ...rest } = options;
  const view = await openView('model-view', { ...rest, state: state ? { model: state } : null });
  const kept = async () => ((await view.state()) as { model?: Record<string, unknown> } | null)?.model ?? {};
  return { ...view, kept };
}

export const screenshot = (page: Page, name: string) => save(page, `model-${name}`);
