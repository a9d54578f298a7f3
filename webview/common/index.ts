/** What every view starts from: styles of the product, controls and shared elements. */
import { registerControls } from './controls';
import { adoptStyles } from './styles';
import tokens from './tokens.css';

export * from './channel';
export * from './colormaps';
export * from './controls';
export * from './element';
export * from './format';
export * from './glyphs';
export * from './icons';
export * from './legend';
export * from './splitter';
export * from './stackedBar';
export * from './states';
export * from './strings';
export * from './styles';
export * from './theme';
export * from './virtualList';

/** Adopts the product's styles and registers the controls; a view's entry calls it before the first render. */
export function startView(): void {
  adoptStyles(tokens);
  registerControls();
}
