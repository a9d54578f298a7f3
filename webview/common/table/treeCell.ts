import { html, nothing, type TemplateResult } from 'lit';
import type { Budget } from '../../../src/protocol';
import { editorStrings } from '../editor/strings';
import { budgetGlyph } from '../glyphs';
import { icon } from '../icons';

/** A name with its place in a tree. */
export interface TreeCell {
  readonly depth: number;
  /** Absent on rows that do not open. */
  readonly open?: boolean | undefined;
  readonly budget: Budget;
  readonly label: string;
  /** Quiet text after the name: how many it stands for. */
  readonly count?: string;
  onToggle(): void;
}

/** The name with its place in the tree; only rows that open have a twisty. */
export function treeCell({ depth, open, budget, label, count = '', onToggle }: TreeCell): TemplateResult {
  const toggle = (event: Event) => {
    event.stopPropagation();
    onToggle();
  };
  const name = open ? editorStrings.collapse : editorStrings.expand;
  return html`<span class="row-name" style="padding-left: ${depth * 16}px"
    >${
      open === undefined
        ? html`<span class="twisty"></span>`
        : html`<button class="twisty" tabindex="-1" aria-label=${name} @click=${toggle}>${icon(open ? 'chevron-down' : 'chevron-right')}</button>`
    }${budgetGlyph(budget)}<span class="row-label"><bdi>${label}</bdi></span>${count === '' ? nothing : html`<span class="count">${count}</span>`}</span
  >`;
}
