import { UserError } from '../engine/errors';
import type { ModelSource, OpenedCheckpoint } from '../protocol';
import type { Call } from './options';

/** Opens a checkpoint. @throws UserError for a model with a graph. */
export async function needsCheckpoint(model: ModelSource, { engine, context }: Call): Promise<OpenedCheckpoint> {
  const opened = await engine.open({ model }, context);
  if (opened.kind === 'checkpoint') return opened;
  throw new UserError(`${opened.profile.model.name} is a model with a graph; this needs a checkpoint, such as safetensors.`);
}
