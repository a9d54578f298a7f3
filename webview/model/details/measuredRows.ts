import { html } from 'lit';
import { formatMacRate, formatMicroseconds } from '../../../src/report/measured';
import type { Figure } from '../../common/editor/figureList';
import { formatExact, formatShare } from '../../common/format';
import type { ProfileIndex } from '../profileIndex';
import { t } from '../strings';

/** The measured time of a node or of everything in a block, its rate beside it; nothing before it was measured. */
export function measuredRows(ids: readonly string[], { measured }: ProfileIndex): readonly Figure[] {
  if (!measured) return [];
  const { provider, runs } = measured.report;
  const label = t.measuredOn(provider === 'cpu' ? 'CPU' : provider);
  const sum = measured.sum(ids);
  if (!sum) return [{ label, value: html`<span class="description">${t.noKernel}</span>` }];
  const [only = '', ...others] = ids;
  const node = others.length === 0 ? measured.node(only) : undefined;
  const tooltip = node ? [t.inKernels, ...node.kernels] : t.measuredTooltip(provider, formatExact(runs));
  const share = sum.macsPerSecond === null ? {} : { share: formatMacRate(sum.macsPerSecond) };
  const time: Figure = { label, value: formatMicroseconds(sum.microseconds), tooltip, ...share };
  if (!node || node.roofline === null) return [time];
  return [time, { label: t.roofline, value: formatShare(node.roofline), tooltip: t.rooflineTooltip }];
}
