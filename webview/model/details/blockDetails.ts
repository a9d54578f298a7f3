import { html, nothing, type TemplateResult } from 'lit';
import type { Block, GraphBox } from '../../../src/protocol';
import { tooltipText } from '../../../src/text';
import { figureList } from '../../common/editor/figureList';
import { section } from '../../common/editor/section';
import { formatExact, formatShare, ratio } from '../../common/format';
import { budgetGlyph } from '../../common/glyphs';
import type { ProfileIndex } from '../profileIndex';
import { sharedScopes, withoutScopes } from '../scopes';
import { shapeText } from '../shapeText';
import type { ModelStore } from '../store';
import { t } from '../strings';
import { blockFigures } from './blockAttributes';
import { budgetSection, ofTheMacs } from './budgetSection';

const MOST_ROWS = 40;

interface ContentRow {
  readonly id: string;
  readonly name: string;
  readonly place: number;
}

/** Blocks and operators directly inside, in model order. */
function contentsOf(block: Block, index: ProfileIndex): readonly ContentRow[] {
  const places = new Map(index.rows.map((node, place) => [node.id, place]));
  const shared = sharedScopes(block.nodes.map((id) => index.nodes.get(id)?.name ?? ''));
  const inChildren = new Set(block.children.flatMap((child) => child.nodes));
  const rows = block.children.map((child) => ({
    id: child.id,
    name: child.repeat > 1 ? `${child.label} \u00d7${child.repeat}` : child.label,
    place: places.get(child.nodes[0] ?? '') ?? 0,
  }));
  const own = block.nodes
    // Constants are listed with their readers, as inputs.
    .filter((id) => !inChildren.has(id) && index.nodes.get(id)?.op !== 'Constant')
    .map((id) => ({ id, name: withoutScopes(index.nameOf(id), shared), place: places.get(id) ?? 0 }));
  return [...rows, ...own].sort((a, b) => a.place - b.place);
}

function contents(block: Block, index: ProfileIndex, store: ModelStore): TemplateResult {
  const rows = contentsOf(block, index);
  const row = ({ id, name }: ContentRow) => {
    const node = index.nodes.get(id);
    const macs = node ? node.macs : (index.blocks.get(id)?.totals.macs ?? null);
    const part = ratio(macs, index.profile.totals.macs);
    return html`<button
      class="content-row ${store.hovered === id ? 'hovered' : ''}"
      title=${tooltipText(node ? `${node.op} ${node.name}` : name)}
      @pointerenter=${() => store.hover(id)}
      @pointerleave=${() => store.hover('')}
      @click=${() => void store.show(id)}
    >
      <span class="content-name">${node ? html`${node.op} ${name === node.op ? nothing : html`<span class="description">${name}</span>`}` : name}</span>
      <span class="number description">${part === 0 ? '' : formatShare(part)}</span>
    </button>`;
  };
  const more = rows.length - MOST_ROWS;
  return section(
    t.contents,
    html`${rows.slice(0, MOST_ROWS).map(row)}${more > 0 ? html`<div class="description content-row">${t.moreRows(formatExact(more))}</div>` : nothing}`,
  );
}

/** The scope that all of the block's operators share: `stages.2/blocks.0`. */
function scopeOf(block: Block, index: ProfileIndex): string {
  const names = block.nodes.map((id) => index.nodes.get(id)?.name ?? '');
  return sharedScopes(names)
    .filter((part) => part !== '')
    .join('/');
}

/** A recognised block: its budget, what it is spent on, its attributes, what is inside. */
export function blockDetails(
  block: Block,
  index: ProfileIndex,
  store: ModelStore,
): { title: TemplateResult | string; subtitle: string; body: TemplateResult } {
  const figures = blockFigures(block);
  const last = index.nodes.get(block.nodes.at(-1) ?? '');
  const shape = last?.outputs[0] ? shapeText(last.outputs[0].shape) : '';
  const repeat = block.repeat > 1 ? t.firstOfEqual(formatExact(block.repeat)) : '';
  const kind = block.label.toLowerCase().includes(block.kind.replace('-', ' ').split(' ')[0] ?? '') ? '' : block.kind;
  const subtitle = [repeat, kind, scopeOf(block, index)].filter((part) => part !== '').join(', ');
  const body = html`${budgetSection(block.totals, index, block.nodes)} ${ofTheMacs(block.nodes.flatMap((id) => index.nodes.get(id) ?? []))}
    ${figures.length > 0 || shape !== '' ? section(block.kind === 'attention' ? t.attention : t.attributes, figureList([...figures, ...(shape === '' ? [] : [{ label: t.outputShape, value: shape }])])) : nothing}
    ${contents(block, index, store)}`;
  return { title: block.label, subtitle, body };
}

/** A group that only the drawing knows: a run of operators, or equal neighbours drawn once. */
export function groupDetails(
  box: GraphBox,
  index: ProfileIndex,
): { title: TemplateResult | string; subtitle: string; body: TemplateResult } {
  const subtitle = [box.repeat > 1 ? t.equalBlocks(formatExact(box.repeat)) : '', box.subtitle, t.groupOf(formatExact(box.operators))];
  return {
    title: html`${budgetGlyph(box.budget)} ${box.title}`,
    subtitle: subtitle.filter((part) => part !== '').join(', '),
    body: budgetSection(box.figures, index),
  };
}
