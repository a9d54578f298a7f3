import { html, type TemplateResult } from 'lit';
import type { Progress } from '../../src/protocol';
import { button, type ErrorAction } from '../common';
import { strings } from './strings';

/** The engine names stages by their key in the timings; anything else is shown as it came. */
function stageText(progress: Progress | null): Progress {
  const names: Readonly<Record<string, string>> = {
    decode: strings.stageDecode,
    preprocess: strings.stagePreprocess,
    session: strings.stageSession,
    run: strings.stageRun,
  };
  if (!progress) return { stage: strings.running, fraction: null };
  return { ...progress, stage: names[progress.stage] ?? progress.stage };
}

/** Before the first result: the panel's form in grey, then what is being done and a way out. */
export function firstRun(progress: Progress | null, onCancel: () => void): TemplateResult {
  return html`<div class="first-run">
    <div class="panel-header" aria-hidden="true"><span class="blank" style="width: 180px"></span></div>
    <busy-state bare .progress=${stageText(progress)} .onCancel=${onCancel}></busy-state>
    <div class="panel-columns panel-body" aria-hidden="true">
      <div class="stage-column"><span class="blank blank-image"></span></div>
      <div class="answer-column blank-lines">
        ${[40, 88, 72, 64, 80, 56].map((width) => html`<span class="blank" style="width: ${width}%"></span>`)}
      </div>
    </div>
  </div>`;
}

/** While the old result stays in sight. */
export function rerunLine(progress: Progress | null, onCancel: () => void): TemplateResult {
  return html`<busy-state class="rerun" bare .progress=${stageText(progress)} .onCancel=${onCancel}></busy-state>`;
}

/** What stands in place of a result that was given up. */
export function cancelledState(actions: readonly ErrorAction[]): TemplateResult {
  return html`<div class="cancelled" role="status">
    <span>${strings.cancelled}</span>
    ${actions.map((action) => button(action))}
  </div>`;
}
