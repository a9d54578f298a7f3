import { LitElement } from 'lit';

/**
 * A component that renders into the page itself and not into a shadow root, so that
 * codicon classes, theme variables and one set of styles reach everything.
 */
export class LightElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}
