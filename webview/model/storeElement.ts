import { property } from 'lit/decorators.js';
import { LightElement } from '../common/element';
import type { ModelStore } from './store';

/** A component that renders again whenever the store changed. */
export class StoreElement extends LightElement {
  @property({ attribute: false }) store: ModelStore | undefined;
  #stop: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#watch();
  }

  protected override willUpdate(): void {
    this.#watch();
  }

  override disconnectedCallback(): void {
    this.#stop?.();
    this.#stop = null;
    super.disconnectedCallback();
  }

  #watch(): void {
    if (!this.#stop && this.store && this.isConnected) this.#stop = this.store.subscribe(() => this.requestUpdate());
  }
}
