import { UserError } from '../bytes';
import { type Artifact, hasGraph, type Model, noGraph } from '../model';

/** The model, where only one will do. @throws UserError for a checkpoint, with what it is and what is needed. */
export function needsGraph(artifact: Artifact, name: string): Model {
  if (hasGraph(artifact)) return artifact;
  throw new UserError(noGraph(name, artifact.format, artifact.tensors.length));
}
