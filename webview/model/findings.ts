import type { Finding } from '../../src/model';
import type { ModelOverview } from '../../src/protocol';
import { t } from './strings';

const MOST_OPERATORS = 6;
/** Missing external files: the header names them. */
const TOLD_BY_HEADER = 'external-missing';

/** What to tell about the file, errors first; operators without a known cost are one line. */
export function findingsOf({
  warnings,
  notCounted,
  moreNotCounted,
}: Pick<ModelOverview, 'warnings' | 'notCounted' | 'moreNotCounted'>): readonly Finding[] {
  const rank = (finding: Finding) => (finding.severity === 'error' ? 0 : 1);
  const sorted = warnings.filter(({ code }) => code !== TOLD_BY_HEADER).sort((a, b) => rank(a) - rank(b));
  const first = notCounted[0];
  if (!first) return sorted;
  const names = notCounted.slice(0, MOST_OPERATORS).map(({ op, count }) => (count === 1 ? op : `${op} \u00d7${count}`));
  const more = notCounted.length - names.length + moreNotCounted;
  const listed = more > 0 ? [...names, t.moreRows(String(more))] : names;
  return [...sorted, { code: 'not-counted', message: t.notCounted(listed.join(', ')), node: first.node }];
}
