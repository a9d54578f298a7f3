import type { Page } from 'playwright-core';
import type { InferenceViewApi } from '../../../src/protocol';
import { bundleView, openView, screenshot as save, type ViewOptions, type ViewPage } from './viewPage';

export type InferenceViewOptions = ViewOptions<InferenceViewApi>;

export const bundleInferenceView = () => bundleView('inference');

/** Opens the inference view, tall enough that a run's result fits. */
export function openInferenceView(options: InferenceViewOptions): Promise<ViewPage> {
  return openView('inference-view', { height: 800, ...options });
}

export const screenshot = (page: Page, name: string) => save(page, `inference-${name}`);
