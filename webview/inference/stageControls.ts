import { html, nothing, type TemplateResult } from 'lit';
import { type ColorMapName, checkbox, colorLegend, dropdown, formatShare, threeDigits } from '../common';
import type { Heat } from './query';
import type { Look } from './selection';
import { strings } from './strings';

/** The legend of the heat, and how it lies over the image. */
export function stageControls(
  look: Look,
  heat: Heat | null,
  hasAttention: boolean,
  onLook: (change: Partial<Look>) => void,
): TemplateResult {
  const asSeen = checkbox(strings.asNetworkSees, look.asSeen, (value) => onLook({ asSeen: value }));
  if (!hasAttention) return html`<div class="stage-controls">${asSeen}</div>`;
  const maps: readonly { value: ColorMapName; label: string }[] = [
    { value: 'viridis', label: strings.viridis },
    { value: 'cividis', label: strings.cividis },
  ];
  return html`<div class="stage-legend">${heat ? colorLegend(look.colorMap, '0', strings.ofAttention(threeDigits(heat.maximum))) : nothing}</div>
    <div class="stage-controls">
      <label class="opacity" title=${formatShare(look.opacity)}
        >${strings.opacity}
        <input
          type="range"
          min="0"
          max="100"
          step="5"
          style="--part: ${Math.round(look.opacity * 100)}%"
          .value=${String(Math.round(look.opacity * 100))}
          @input=${(event: Event) => onLook({ opacity: Number((event.target as HTMLInputElement).value) / 100 })}
        />
      </label>
      ${dropdown({ label: strings.colorMap, value: look.colorMap, choices: maps, onChange: (value) => onLook({ colorMap: value as ColorMapName }) })}
      ${checkbox(strings.smooth, look.smooth, (smooth) => onLook({ smooth }))} ${asSeen}
    </div>`;
}
