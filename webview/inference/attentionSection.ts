import { html, nothing, type TemplateResult } from 'lit';
import type { AttentionLayer, RunResult } from '../../src/protocol';
import { button, dropdown } from '../common';
import type { AttentionFindings, Subject } from './attention';
import type { Size } from './geometry';
import type { Place } from './query';
import { type Look, layerLabels, shortLabels } from './selection';
import { strings } from './strings';
import type { StripItem } from './strip';
import { standsAlone } from './windows';
import './strip';

/** Edge of a thumbnail, CSS pixels. */
const THUMBNAIL = 84;
/** A window is chosen by number; a list longer than this helps nobody. */
const LISTED_WINDOWS = 256;

/** What the section of attention is drawn from. */
export interface AttentionParts {
  readonly result: RunResult;
  readonly findings: AttentionFindings;
  readonly seen: ImageBitmap | null;
  readonly look: Look;
  readonly subject: Subject;
  /** The pinned place; thumbnails do not follow the pointer. */
  readonly place: Place | null;
  readonly onLook: (change: Partial<Look>) => void;
  readonly onOpen: (layer: AttentionLayer) => void;
}

/** Layers as a row of thumbnails, the chosen layer's heads as another. */
export function attentionSection(parts: AttentionParts): TemplateResult {
  const { result, seen, look, subject } = parts;
  const labels = layerLabels(result.attention);
  const label = labels[result.attention.indexOf(subject.layer)] ?? subject.layer.label;
  const size = thumbnailSize(seen);
  const row = (name: string, items: readonly StripItem[]) =>
    html`<thumbnail-strip .label=${name} .items=${items} .image=${seen} .size=${size} .look=${look}></thumbnail-strip>`;
  return html`<section class="attention" aria-label=${strings.attention}>
    <div class="strip-head">
      <h2 class="section-title">${strings.layers}</h2>
      <span class="strip-actions">${modes(parts)}</span>
    </div>
    ${row(strings.layers, layerItems(parts, labels))}
    <div class="strip-head">
      <h2 class="section-title">${look.head === 'rollout' ? strings.rolloutTo(label) : strings.headsOf(label)}</h2>
      ${windowPicker(parts)}
    </div>
    ${row(strings.headsOf(label), headItems(parts))}
  </section>`;
}

function thumbnailSize(seen: ImageBitmap | null): Size {
  if (!seen || seen.width === seen.height) return { width: THUMBNAIL, height: THUMBNAIL };
  const shorter = Math.max(THUMBNAIL / 2, (THUMBNAIL * Math.min(seen.width, seen.height)) / Math.max(seen.width, seen.height));
  return seen.width > seen.height ? { width: THUMBNAIL, height: shorter } : { width: shorter, height: THUMBNAIL };
}

function modes({ findings, look, subject, onLook, onOpen }: AttentionParts): TemplateResult {
  const toggle = (head: 'mean' | 'rollout', label: string, tooltip?: string) =>
    button({ label, pressed: look.head === head, onClick: () => onLook({ head }), ...(tooltip ? { tooltip } : {}) });
  return html`${toggle('mean', strings.meanOfHeads)}
    ${findings.rolloutOffered ? toggle('rollout', strings.rollout, strings.rolloutHint) : nothing}
    ${button({ label: strings.openLayer, onClick: () => onOpen(subject.layer) })}`;
}

function layerItems({ result, findings, look, subject, place, onLook }: AttentionParts, labels: readonly string[]): readonly StripItem[] {
  const short = shortLabels(labels);
  return result.attention.map((layer, index) => {
    const label = labels[index] ?? layer.label;
    const own: Subject = { layer, head: look.head === 'rollout' ? 'rollout' : 'mean', window: Math.min(look.window, layer.windows - 1) };
    return {
      key: layer.block,
      label: short[index] ?? label,
      tooltip: strings.layerTooltip(label, layer.heads, layer.queries, layer.keys),
      selected: layer === subject.layer,
      alone: standsAlone(layer),
      source: () => findings.heat(own, findings.queryOf(own, place), false),
      onSelect: () => onLook({ block: layer.block }),
    };
  });
}

function headItems({ findings, look, subject, place, onLook }: AttentionParts): readonly StripItem[] {
  const { layer, window } = subject;
  const heads = layer.heads > 1 ? (['mean', ...Array.from({ length: layer.heads }, (_, head) => head)] as const) : (['mean'] as const);
  return heads.map((head) => {
    const own: Subject = { layer, head, window };
    return {
      key: String(head),
      label: head === 'mean' ? strings.mean : strings.head(head + 1),
      tooltip: '',
      selected: look.head === head,
      alone: standsAlone(layer),
      source: () => findings.heat(own, findings.queryOf(own, place), false),
      onSelect: () => onLook({ head }),
    };
  });
}

function windowPicker({ subject, onLook }: AttentionParts): TemplateResult | typeof nothing {
  const { windows } = subject.layer;
  if (windows < 2 || !standsAlone(subject.layer)) return nothing;
  const choices = Array.from({ length: Math.min(windows, LISTED_WINDOWS) }, (_, window) => ({
    value: String(window),
    label: strings.windowOf(window + 1, windows),
  }));
  return dropdown({
    label: strings.window,
    value: String(subject.window),
    choices,
    onChange: (value) => onLook({ window: Number(value) }),
  });
}
