import { property } from 'lit/decorators.js';
import { LightElement } from '../common/element';
import { Watching } from '../common/store';
import type { CheckpointStore } from './store';

/** A component that renders again whenever the store changed. */
export class StoreElement extends LightElement {
  @property({ attribute: false }) store: CheckpointStore | undefined;
  protected readonly watching = new Watching(this, () => this.store);
}
