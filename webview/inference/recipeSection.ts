import { html, nothing, type TemplateResult } from 'lit';
import type { Recipe } from '../../src/protocol';
import { dotted } from './dotted';
import { recipeParts } from './recipeText';
import { strings } from './strings';
import './recipeForm';

/** What the section of the preprocessing shows and does. */
export interface RecipeActions {
  readonly editing: boolean;
  readonly edited: boolean;
  readonly onEdit: (editing: boolean) => void;
  readonly onApply: (changes: Partial<Recipe>) => void;
  readonly onReset: () => void;
}

/** How the image became the input: one line, or the form that changes it. */
export function recipeSection(recipe: Recipe, actions: RecipeActions): TemplateResult {
  const { editing, edited, onEdit, onApply, onReset } = actions;
  const line = html`<p class="dotted">
    ${dotted([...recipeParts(recipe), strings.from(recipe.source)])}
    <button class="link" aria-label=${strings.editRecipe} @click=${() => onEdit(true)}>${strings.edit}</button>
    ${edited ? html`<button class="link" @click=${onReset}>${strings.reset}</button>` : nothing}
  </p>`;
  return html`<section class="recipe" aria-labelledby="recipe-title">
    <h2 id="recipe-title" class="section-title">${strings.recipe}</h2>
    ${
      editing
        ? html`<recipe-form .recipe=${recipe} .onApply=${onApply} .onReset=${edited ? onReset : null} .onClose=${() => onEdit(false)}></recipe-form>`
        : line
    }
  </section>`;
}
