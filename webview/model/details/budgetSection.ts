import { html, nothing, type TemplateResult } from 'lit';
import type { Count, Figures, NodeRow } from '../../../src/protocol';
import { type Figure, figureList } from '../../common/editor/figureList';
import { section } from '../../common/editor/section';
import { formatBytes, formatCount, formatExact, formatFlops, formatMacs, formatShare, ratio } from '../../common/format';
import { budgetGlyph } from '../../common/glyphs';
import { type BarPart, stackedBar } from '../../common/stackedBar';
import type { ProfileIndex } from '../profileIndex';
import { t } from '../strings';
import { macParts } from './macParts';
import { measuredRows } from './measuredRows';

function figure(label: string, count: Count | null, format: (count: Count) => string, unit: string, whole?: Count): Figure {
  if (count === null) return { label, value: html`<span class="description">${t.notCountedCell}</span>` };
  const base = { label, value: format(count), tooltip: `${formatExact(count)} ${unit}` };
  return whole === undefined ? base : { ...base, share: formatShare(ratio(count, whole)) };
}

/** Figures of a block or node; `null` for what is not counted. */
export interface Budgeted extends Omit<Figures, 'macs' | 'flops' | 'activationBytes'> {
  readonly macs: Count | null;
  readonly flops: Count | null;
  readonly activationBytes: Count | null;
  readonly peakActivationBytes?: Count;
}

/** What something costs, each with its part of the whole model, and how long its nodes took where that was measured. */
export function budgetSection(figures: Budgeted, index: ProfileIndex, nodes: readonly string[] = []): TemplateResult {
  const { totals } = index.profile;
  const isWhole = figures === totals;
  const rows = [
    figure(t.macs, figures.macs, formatMacs, 'MACs', totals.macs),
    figure(t.flops, figures.flops, formatFlops, 'FLOPs', totals.flops),
    figure(capital(t.parameters), figures.parameters, formatCount, t.parameters, totals.parameters),
  ];
  if (Number(figures.buffers) > 0) rows.push(figure(t.buffers, figures.buffers, formatCount, t.elementsUnit));
  rows.push(figure(t.weights, figures.weightBytes, formatBytes, 'B', totals.weightBytes));
  if (figures.activationBytes !== null) rows.push(figure(t.activations, figures.activationBytes, formatBytes, 'B', totals.activationBytes));
  if (figures.peakActivationBytes !== undefined) rows.push(figure(t.peakActivation, figures.peakActivationBytes, formatBytes, 'B'));
  const own = isWhole ? rows.map(({ share: _, ...row }) => row) : rows;
  return section(t.budget, figureList(nodes.length === 0 ? own : [...own, ...measuredRows(nodes, index)]));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What a block's MACs are spent on. */
export function ofTheMacs(nodes: readonly Pick<NodeRow, 'category' | 'macs'>[]): TemplateResult | typeof nothing {
  const parts = macParts(nodes);
  const whole = parts.reduce((sum, { macs }) => sum + macs, 0);
  if (parts.length === 0) return nothing;
  const bars = parts.map(
    ({ name, budget, light, macs }): BarPart => ({
      budget,
      light,
      part: macs / whole,
      tooltip: `${name}: ${formatShare(macs / whole)}, ${formatMacs(macs)}`,
    }),
  );
  return section(
    t.ofTheMacs,
    html`${stackedBar(bars, bars.map(({ tooltip }) => tooltip).join('; '))}
      <div class="bar-legend">
        ${parts.map(({ name, budget, macs }) => html`<span>${budgetGlyph(budget)}${name} ${formatShare(macs / whole)}</span>`)}
      </div>`,
  );
}
