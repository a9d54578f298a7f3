import { html, nothing, type TemplateResult } from 'lit';
import { formatByteRate, formatMacRate, formatMicroseconds } from '../../../src/report/measured';
import { tooltipText } from '../../../src/text';
import { button } from '../../common/controls';
import { formatExact } from '../../common/format';
import { errorState } from '../../common/states';
import { common } from '../../common/strings';
import type { ProfileIndex } from '../profileIndex';
import type { ModelStore } from '../store';
import { t } from '../strings';

/** The button that measures, and in words what the last measurement found. */
export function measureBar({ measuring }: ModelStore, { measured }: ProfileIndex): TemplateResult {
  const measure = button({
    label: measured ? t.measureAgain : t.measure,
    tooltip: t.measureTooltip,
    disabled: measuring.progress !== null,
    onClick: () => void measuring.start(),
  });
  if (!measured) return html`<span data-measure>${measure}</span>`;
  const { provider, providerNote, runs, wallMilliseconds, machine } = measured.report;
  const time = formatMicroseconds(wallMilliseconds.median * 1000);
  const peak = t.machineSummary(formatMacRate(machine.peakMacsPerSecond), formatByteRate(machine.bandwidthBytesPerSecond));
  return html`<span data-measure
    >${measure}<span class="description" title=${tooltipText(...[t.measuredBoth, peak, providerNote].filter((text) => text !== ''))}
      >${t.measuredSummary(time, provider === 'cpu' ? 'CPU' : provider, formatExact(runs), formatMicroseconds(measured.total().microseconds))}</span
    ></span
  >`;
}

/** The line of progress with its way out, or what went wrong. */
export function measureProgress({ measuring }: ModelStore): TemplateResult | typeof nothing {
  if (measuring.progress) return html`<busy-state bare .progress=${measuring.progress} .onCancel=${() => measuring.cancel()}></busy-state>`;
  if (measuring.error === null) return nothing;
  return errorState(t.notMeasured, measuring.error, [
    { label: common.retry, onClick: () => void measuring.start() },
    { label: common.close, onClick: () => measuring.dismiss() },
  ]);
}
