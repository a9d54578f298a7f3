import { html, nothing, type TemplateResult } from 'lit';
import type { AttentionLayer } from '../../src/protocol';
import { type ColorMapName, checkbox, colorLegend, dropdown, formatShare, threeDigits } from '../common';
import type { Heat } from './query';
import type { Look } from './selection';
import { strings } from './strings';
import { standsAlone } from './windows';

/** What the controls need to know of the picture. */
export interface Controlled {
  readonly heat: Heat | null;
  readonly subject: { readonly layer: AttentionLayer };
}

/** The legend of the heat, and how it lies over the image. */
export function stageControls(look: Look, shown: Controlled | null, onLook: (change: Partial<Look>) => void): TemplateResult {
  const asSeen = checkbox(strings.asNetworkSees, look.asSeen, (value) => onLook({ asSeen: value }));
  if (!shown) return html`<div class="stage-controls">${asSeen}</div>`;
  const { heat, subject } = shown;
  const onImage = !standsAlone(subject.layer);
  const smooth = checkbox(strings.smooth, look.smooth, (value) => onLook({ smooth: value }));
  return html`<div class="stage-legend">${heat ? colorLegend(look.colorMap, '0', strings.ofAttention(threeDigits(heat.maximum))) : nothing}</div>
    <div class="stage-controls">
      ${onImage ? opacitySlider(look, onLook) : nothing}
      ${dropdown({
        label: strings.colorMap,
        value: look.colorMap,
        choices: colorMaps(),
        onChange: (value) => onLook({ colorMap: value as ColorMapName }),
      })}
      ${subject.layer.keyGrid ? smooth : nothing} ${onImage ? asSeen : nothing}
    </div>`;
}

const colorMaps = (): readonly { readonly value: ColorMapName; readonly label: string }[] => [
  { value: 'viridis', label: strings.viridis },
  { value: 'cividis', label: strings.cividis },
];

function opacitySlider(look: Look, onLook: (change: Partial<Look>) => void): TemplateResult {
  const percent = String(Math.round(look.opacity * 100));
  return html`<label class="opacity" title=${formatShare(look.opacity)}
    >${strings.opacity}
    <input
      type="range"
      min="0"
      max="100"
      step="5"
      style="--part: ${percent}%"
      .value=${percent}
      @input=${(event: Event) => onLook({ opacity: Number((event.target as HTMLInputElement).value) / 100 })}
    />
  </label>`;
}
