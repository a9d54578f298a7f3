import { html, type TemplateResult } from 'lit';
import type { Progress } from '../../src/protocol';
import { errorState } from '../common/states';
import { common } from '../common/strings';
import type { ModelStore } from './store';
import { stages, t } from './strings';

const STAGES: ReadonlyMap<string, string> = new Map(Object.entries(stages));

/** The engine names the stages of a load by a key; anything else is shown as it came. */
export function stageText(progress: Progress | null): Progress {
  if (!progress || progress.stage === '') return { stage: t.opening, fraction: null };
  return { ...progress, stage: STAGES.get(progress.stage) ?? progress.stage };
}

/** In place of a table whose rows are on their way. */
export function waitingForContent(store: ModelStore): TemplateResult {
  const { part, error } = store.content;
  if (error !== null) return errorState(t.notListed, error, [{ label: common.retry, onClick: () => void store.load() }]);
  return html`<busy-state .progress=${{ stage: t.listing, fraction: part }}></busy-state>`;
}
