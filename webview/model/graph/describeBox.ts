import { tooltipText } from '../../../src/text';
import { formatCount, formatExact, formatMacs, formatShare, ratio } from '../../common/format';
import { budgetName } from '../../common/glyphs';
import type { ProfileIndex } from '../profileIndex';
import { t } from '../strings';
import type { SceneBox } from './scene';

/** The tooltip: full texts that the box may have to cut, and exact figures. */
export function boxTooltip(placed: SceneBox): string {
  const { box } = placed;
  if (box.kind === 'portIn' || box.kind === 'portOut') return tooltipText(...[box.title, box.subtitle].filter((line) => line !== ''));
  const lines = [box.repeat > 1 ? `${box.title} \u00d7${box.repeat}` : box.title, box.subtitle];
  if (box.kind === 'group' || box.kind === 'node') {
    lines.push(`${formatExact(box.figures.macs)} MACs`, `${formatExact(box.figures.parameters)} ${t.parameters}`);
  }
  if (box.kind === 'group') lines.push(t.groupOf(formatExact(box.operators)));
  if (box.stubs.length > 0) lines.push(t.readsShared(box.stubs.map((stub) => stub.value).join(', ')));
  return tooltipText(...lines.filter((line) => line !== ''));
}

/** What a screen reader says of the selected box. */
export function spokenBox(placed: SceneBox, index: ProfileIndex): string {
  const { box } = placed;
  const parts = [box.title, box.subtitle];
  if (box.kind === 'group') parts.push(t.groupOf(formatCount(box.operators)), placed.open ? t.opened : t.closed);
  if (box.kind === 'group' || box.kind === 'node') {
    parts.push(
      budgetName(box.budget),
      formatMacs(box.figures.macs),
      t.ofAll(formatShare(ratio(box.figures.macs, index.profile.totals.macs))),
    );
  }
  return parts.filter((part) => part !== '').join(', ');
}
