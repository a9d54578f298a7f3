/**
 * The only file that knows which control set the views use. Views call these functions; another
 * set takes this one's place by giving them other markup.
 */
import {
  provideVSCodeDesignSystem,
  vsCodeBadge,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDivider,
  vsCodeDropdown,
  vsCodeOption,
  vsCodePanels,
  vsCodePanelTab,
  vsCodePanelView,
  vsCodeProgressRing,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { ref } from 'lit/directives/ref.js';
import controlStyles from './controls.css';
import { icon } from './icons';
import { adoptStyles } from './styles';

/** Registers the controls' elements and styles; every view's entry calls it once. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(
    vsCodeBadge(),
    vsCodeButton(),
    vsCodeCheckbox(),
    vsCodeDivider(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodePanels(),
    vsCodePanelTab(),
    vsCodePanelView(),
    vsCodeProgressRing(),
    vsCodeTextField(),
  );
  adoptStyles(controlStyles);
}

/** What a button says and does. */
export interface ButtonOptions {
  readonly label: string;
  readonly onClick: () => void;
  /** `icon` shows only `icon`, with the label as its accessible name and tooltip. */
  readonly appearance?: 'primary' | 'secondary' | 'icon';
  /** Codicon name. */
  readonly icon?: string;
  readonly disabled?: boolean;
  /** State of a toggle button. */
  readonly pressed?: boolean;
  readonly tooltip?: string;
}

/** A push button, icon button or toggle. */
export function button(options: ButtonOptions): TemplateResult {
  const onlyIcon = options.appearance === 'icon';
  return html`<vscode-button
    appearance=${options.appearance ?? 'secondary'}
    aria-label=${options.label}
    aria-pressed=${options.pressed === undefined ? nothing : String(options.pressed)}
    title=${options.tooltip ?? (onlyIcon ? options.label : nothing)}
    ?disabled=${options.disabled ?? false}
    @click=${options.onClick}
    >${options.icon ? (onlyIcon ? icon(options.icon) : html`<span slot="start">${icon(options.icon)}</span>`) : nothing}${
      onlyIcon ? nothing : options.label
    }</vscode-button
  >`;
}

/** One of several things to choose from. */
export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** A list that one choice is made from. */
export interface DropdownOptions {
  /** Accessible name. */
  readonly label: string;
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onChange: (value: string) => void;
  /** Text before the chosen value, inside the field: `Colour by: `. */
  readonly prefix?: string;
  /** Id of the element that explains the choice. */
  readonly describedBy?: string;
}

/** A list to choose one value from. */
export function dropdown(options: DropdownOptions): TemplateResult {
  const chosen = options.choices.find((choice) => choice.value === options.value);
  return html`<vscode-dropdown
    aria-label=${options.label}
    aria-describedby=${options.describedBy ?? nothing}
    .value=${live(options.value)}
    @change=${(event: Event) => {
      const value = (event.target as HTMLInputElement).value;
      if (value !== options.value) options.onChange(value);
    }}
    ><span slot="selected-value">${options.prefix ?? ''}${chosen?.label ?? ''}</span>${options.choices.map(
      (choice) => html`<vscode-option value=${choice.value} ?selected=${choice.value === options.value}>${choice.label}</vscode-option>`,
    )}</vscode-dropdown
  >`;
}

/** A line to type in. */
export interface TextFieldOptions {
  /** Accessible name. */
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  /** With every keystroke. */
  readonly onInput?: (value: string) => void;
  /** On Enter and when the field loses the focus with another value. */
  readonly onCommit?: (value: string) => void;
  readonly onKeydown?: (event: KeyboardEvent) => void;
  /** Codicon name, shown at the start. */
  readonly icon?: string;
  /** Width in characters, for small fields. */
  readonly size?: number;
  readonly className?: string;
}

/** The set overwrites a text field's accessible name when it enters the page; this gives ours afterwards. */
function named(label: string): (element: Element | undefined) => void {
  return (element) => queueMicrotask(() => element?.setAttribute('aria-label', label));
}

/** One line of text. */
export function textField(options: TextFieldOptions): TemplateResult {
  const read = (event: Event) => (event.target as HTMLInputElement).value;
  return html`<vscode-text-field
    class=${options.className ?? nothing}
    ${ref(named(options.label))}
    placeholder=${options.placeholder ?? nothing}
    size=${options.size ?? nothing}
    spellcheck="false"
    .value=${live(options.value)}
    @input=${(event: Event) => options.onInput?.(read(event))}
    @change=${(event: Event) => options.onCommit?.(read(event))}
    @keydown=${options.onKeydown ?? nothing}
    >${options.icon ? html`<span slot="start">${icon(options.icon)}</span>` : nothing}</vscode-text-field
  >`;
}

/** Tabs, one of which is open. */
export interface TabsOptions {
  readonly label: string;
  readonly tabs: readonly Choice[];
  readonly active: string;
  readonly onSelect: (value: string) => void;
}

/** A row of tabs. The caller shows the chosen content itself and labels it with the tab's name. */
export function tabs(options: TabsOptions): TemplateResult {
  const index = options.tabs.findIndex((tab) => tab.value === options.active);
  return html`<vscode-panels
    class="control-tabs"
    aria-label=${options.label}
    .activeid=${`tab-${options.tabs[index]?.value ?? ''}`}
    @change=${(event: CustomEvent<HTMLElement | undefined>) => {
      const value = event.detail?.id.replace(/^tab-/, '');
      if (value !== undefined && value !== options.active) options.onSelect(value);
    }}
    >${options.tabs.map(
      (tab) =>
        // The set moves its selection only where every tab has a view; ours stay empty and out of sight.
        html`<vscode-panel-tab id=${`tab-${tab.value}`}>${tab.label}</vscode-panel-tab><vscode-panel-view></vscode-panel-view>`,
    )}</vscode-panels
  >`;
}

/** A check box with its label; `describedBy` is the id of the element that explains it. */
export function checkbox(label: string, checked: boolean, onChange: (checked: boolean) => void, describedBy?: string): TemplateResult {
  return html`<vscode-checkbox
    aria-describedby=${describedBy ?? nothing}
    .checked=${live(checked)}
    @change=${(event: Event) => {
      const now = (event.target as HTMLInputElement).checked;
      if (now !== checked) onChange(now);
    }}
    >${label}</vscode-checkbox
  >`;
}

/** Something is being done and nobody knows how long it takes. */
export function progressRing(): TemplateResult {
  return html`<vscode-progress-ring></vscode-progress-ring>`;
}

/** A small count. */
export function badge(text: string): TemplateResult {
  return html`<vscode-badge>${text}</vscode-badge>`;
}

/** A line between two groups of things. */
export function divider(): TemplateResult {
  return html`<vscode-divider></vscode-divider>`;
}
