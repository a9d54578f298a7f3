import { noGraph } from '../model';
import type { OpenedCheckpoint, ShownCheckpoint } from '../protocol';
import { UserError } from './errors';

/** What was opened, where only a model with a graph will do. @throws UserError for a checkpoint. */
export function needsModel<Found extends { readonly kind: 'model' }>(opened: Found | OpenedCheckpoint | ShownCheckpoint): Found {
  if (opened.kind === 'model') return opened;
  const { model, totals } = 'overview' in opened ? opened.overview : opened.checkpoint;
  throw new UserError(noGraph(model.name, model.format, totals.tensors));
}
