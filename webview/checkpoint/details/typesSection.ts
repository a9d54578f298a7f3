import { html, type TemplateResult } from 'lit';
import type { CheckpointOverview } from '../../../src/protocol';
import { figureList } from '../../common/editor/figureList';
import { section } from '../../common/editor/section';
import { formatBytes, formatExact, formatShare, ratio } from '../../common/format';
import { tensorsText } from '../header';
import { t } from '../strings';

/** Element types with their bytes, the one that takes most first. */
export function typesSection({ types }: Pick<CheckpointOverview, 'types'>): TemplateResult {
  const whole = types.reduce((sum, { bytes }) => sum + Number(bytes), 0);
  const rows = types.map(({ dtype, tensors, elements, bytes }) => ({
    label: dtype,
    value: formatBytes(bytes),
    share: formatShare(ratio(bytes, whole)),
    tooltip: t.typeTooltip(dtype, tensorsText(tensors), formatExact(elements), formatExact(bytes)),
  }));
  return section(t.types, html`${figureList(rows)}`);
}
