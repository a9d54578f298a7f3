import { html, nothing, type TemplateResult } from 'lit';
import { formatShare, threeDigits } from '../common';
import type { AttentionFindings, Subject } from './attention';
import { dotted } from './dotted';
import type { Measures, PixelSize } from './measures';
import type { Heat, Query } from './query';
import { strings } from './strings';
import { fieldOf } from './windows';

/** What is said of the token under the pointer. */
export interface QueryFacts {
  readonly findings: AttentionFindings;
  readonly subject: Subject;
  readonly query: Query;
  readonly heat: Heat | null;
  /** Of the model's input. */
  readonly size: PixelSize;
  readonly pinned: boolean;
  readonly onUnpin: () => void;
}

/** Whose attention is shown, how far it reaches and how sharp it is. */
export function querySection(facts: QueryFacts): TemplateResult {
  const { findings, subject, query, size, pinned } = facts;
  const own = findings.measures(subject, query, size);
  const all = query.kind === 'mean' ? null : findings.measures(subject, { kind: 'mean' }, size);
  return html`<section class="query" aria-labelledby="query-title">
    <h2 id="query-title" class="section-title">${strings.query}</h2>
    <p class="dotted" aria-live=${pinned ? 'polite' : 'off'} title=${strings.distanceHint}>
      ${dotted([...subjectParts(facts), ...measureParts(own, query.kind === 'mean' ? strings.meanDistance : strings.distance), ...leadingPart(facts)])}
      ${pinned ? html`<button class="link" @click=${facts.onUnpin}>${strings.unpin}</button>` : nothing}
    </p>
    ${quiet(all ? [strings.allPatches, ...measureParts(all, strings.meanDistance)] : [])}
  </section>`;
}

function quiet(parts: readonly string[]): TemplateResult | typeof nothing {
  return parts.length === 0 ? nothing : html`<p class="dotted quiet-line">${dotted(parts)}</p>`;
}

function subjectParts({ query, subject, pinned }: QueryFacts): readonly string[] {
  const grid = fieldOf(subject.layer, subject.layer.queryGrid) ?? subject.layer.queryGrid;
  const tokens = grid ? [strings.tokens(grid.rows, grid.columns)] : [];
  if (query.kind === 'class') return [strings.classToken, ...tokens];
  if (query.kind === 'mean') return [strings.meanOfQueries, ...tokens];
  return [`${strings.patch(query.row, query.column)} ${pinned ? strings.pinned : strings.underPointer}`, ...tokens];
}

/** What the picture cannot show: attention that goes to tokens without a place. */
function leadingPart({ heat, subject }: QueryFacts): readonly string[] {
  if (!heat || heat.leading <= 0) return [];
  const share = formatShare(heat.leading);
  return [subject.layer.keyGrid?.leading === 1 ? strings.toClassToken(share) : strings.toLeadingTokens(share)];
}

function measureParts(measures: Measures | null, distanceText: (pixels: string) => string): readonly string[] {
  if (!measures) return [];
  const distance = measures.distance === null ? [] : [distanceText(threeDigits(measures.distance))];
  return [...distance, strings.entropyOf(threeDigits(measures.entropy))];
}
