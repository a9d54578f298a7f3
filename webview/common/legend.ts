import { html, type TemplateResult } from 'lit';
import { type MapName, mapGradient } from './colormaps';
import legendStyles from './legend.css';
import { adoptStyles } from './styles';

/** The legend that every heat map carries; both ends are written with their unit: `0`, `0.061 of attention`. */
export function colorLegend(map: MapName, low: string, high: string): TemplateResult {
  adoptStyles(legendStyles);
  return html`<span class="color-legend"
    ><span>${low}</span><span class="color-legend-bar" style="background: ${mapGradient(map)}"></span><span>${high}</span></span
  >`;
}
