import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Recipe } from '../../src/protocol';
import { button, common, dropdown, LightElement, textField } from '../common';
import { CHANNELS, FILTERS, type FieldErrors, fieldsOf, parseFields, type RecipeFields } from './recipeEdit';
import { strings } from './strings';

/** Edits the recipe in place; gives the changes, never an invalid recipe. */
@customElement('recipe-form')
export class RecipeForm extends LightElement {
  @property({ attribute: false }) recipe: Recipe | null = null;
  @property({ attribute: false }) onApply: (changes: Partial<Recipe>) => void = () => {};
  /** `null` when nothing was edited yet, so that there is nothing to go back to. */
  @property({ attribute: false }) onReset: (() => void) | null = null;
  @property({ attribute: false }) onClose: () => void = () => {};
  @state() private edited: Partial<RecipeFields> = {};
  @state() private errors: FieldErrors = {};

  protected override render(): TemplateResult | typeof nothing {
    if (!this.recipe) return nothing;
    const fields = { ...fieldsOf(this.recipe), ...this.edited };
    const choice = <Key extends 'resize' | 'filter' | 'channels'>(key: Key, label: string, choices: readonly RecipeFields[Key][]) =>
      this.#row(
        key,
        label,
        dropdown({
          label,
          value: fields[key],
          choices: choices.map((value) => ({ value, label: key === 'resize' ? (RESIZE_LABELS()[value] ?? value) : value })),
          onChange: (value) => this.#set(key, value as RecipeFields[Key]),
        }),
      );
    const text = (key: 'size' | 'crop' | 'scale' | 'mean' | 'std', label: string, placeholder?: string) =>
      this.#row(
        key,
        label,
        textField({ label, value: fields[key], ...(placeholder ? { placeholder } : {}), onInput: (value) => this.#set(key, value) }),
      );
    return html`<form aria-label=${strings.editRecipe} @submit=${(event: Event) => event.preventDefault()} @keydown=${this.#key}>
      ${choice('resize', strings.fieldResize, ['none', 'shorter', 'exact'])}
      ${fields.resize === 'none' ? nothing : text('size', strings.fieldSize)} ${text('crop', strings.fieldCrop, strings.noCrop)}
      ${choice('filter', strings.fieldFilter, FILTERS)} ${text('mean', strings.fieldMean)} ${text('std', strings.fieldStd)}
      ${text('scale', strings.fieldScale)} ${choice('channels', strings.fieldChannels, CHANNELS)}
      <div class="form-actions">
        ${button({ label: strings.apply, appearance: 'primary', onClick: () => this.#apply() })}
        ${this.onReset ? button({ label: strings.reset, onClick: this.onReset }) : nothing}
        ${button({ label: common.cancel, onClick: this.onClose })}
      </div>
    </form>`;
  }

  #row(key: keyof RecipeFields, label: string, control: TemplateResult): TemplateResult {
    const error = this.errors[key];
    return html`<div class="form-row ${error ? 'wrong' : ''}" data-field=${key}>
      <span aria-hidden="true">${label}</span>
      <span>${control}${error ? html`<span class="form-error" role="alert">${error}</span>` : nothing}</span>
    </div>`;
  }

  #set<Key extends keyof RecipeFields>(key: Key, value: RecipeFields[Key]): void {
    this.edited = { ...this.edited, [key]: value };
    const { [key]: _mended, ...others } = this.errors;
    this.errors = others;
  }

  #key(event: KeyboardEvent): void {
    if (event.key === 'Escape') this.onClose();
    else if (event.key === 'Enter' && (event.target as HTMLElement).localName === 'vscode-text-field') this.#apply();
  }

  #apply(): void {
    if (!this.recipe) return;
    const { changes, errors } = parseFields({ ...fieldsOf(this.recipe), ...this.edited }, this.recipe);
    this.errors = errors;
    if (Object.keys(errors).length === 0) this.onApply(changes);
  }
}

const RESIZE_LABELS = (): Readonly<Record<string, string>> => ({
  none: strings.resizeNone,
  shorter: strings.resizeShorter,
  exact: strings.resizeExact,
});
