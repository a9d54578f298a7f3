import { html, nothing, type TemplateResult } from 'lit';
import type { RunResult } from '../../src/protocol';
import { formatMilliseconds, formatShare } from '../common';
import { providerLabel } from './providers';
import { strings } from './strings';

/** Labels shown at first, and with each "Show more". */
export const FIRST_LABELS = 5;
const MORE_LABELS = 20;

/** Best labels as bars, or the outputs where the model gives no classes. */
export function answerSection(result: RunResult, shown: number, onShow: (count: number) => void): TemplateResult {
  if (result.labels.length === 0) return outputsSection(result);
  const labels = result.labels.slice(0, shown);
  const left = Math.min(MORE_LABELS, result.labels.length - labels.length);
  return html`<section class="answer" aria-labelledby="answer-title">
    <h2 id="answer-title" class="section-title">${strings.answer}</h2>
    <ol class="label-list">
      ${labels.map(({ label, probability, index }) => {
        const exact = String(probability);
        return html`<li title=${strings.probability(label, exact, index)}>
          <span class="label-name">${label}</span>
          <span class="label-bar" aria-hidden="true"><span style="width: ${Math.min(1, Math.max(0, probability)) * 100}%"></span></span>
          <span class="number">${formatShare(probability)}</span>
        </li>`;
      })}
    </ol>
    ${left > 0 ? html`<button class="link" @click=${() => onShow(labels.length + left)}>${strings.showMore(left)}</button>` : nothing}
    ${shown > FIRST_LABELS ? html`<button class="link" @click=${() => onShow(FIRST_LABELS)}>${strings.showFewer}</button>` : nothing}
  </section>`;
}

function outputsSection(result: RunResult): TemplateResult {
  return html`<section class="answer" aria-labelledby="answer-title">
    <h2 id="answer-title" class="section-title">${strings.outputs}</h2>
    <p class="description">${strings.noLabels}</p>
    <dl class="figures">
      ${result.outputs.map(
        ({ name, dtype, shape }) =>
          html`<div><dt title=${name}>${name}</dt><dd>${strings.outputShape(dtype, `[${shape.join(', ')}]`)}</dd></div>`,
      )}
    </dl>
  </section>`;
}

/** Milliseconds per stage, exact in the tooltip. */
export function timeSection(result: RunResult): TemplateResult {
  const { decode, preprocess, session, run } = result.timings;
  const row = (name: string, milliseconds: number, text = formatMilliseconds(milliseconds)) =>
    html`<div><dt>${name}</dt><dd class="number" title=${`${milliseconds} ms`}>${text}</dd></div>`;
  return html`<section class="time" aria-labelledby="time-title">
    <h2 id="time-title" class="section-title">${strings.time}</h2>
    <dl class="figures">
      ${row(strings.decode, decode)} ${row(strings.preprocess, preprocess)}
      ${row(strings.session, session, session === 0 ? strings.cached : undefined)} ${row(strings.run, run)}
      <div><dt>${strings.provider}</dt><dd class="number">${providerLabel(result.provider)}</dd></div>
    </dl>
  </section>`;
}
