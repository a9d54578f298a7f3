import { UserError } from '../bytes';
import { foldModules, type ModuleFold } from '../checkpoint/fold';
import { type CheckpointStructure, checkpointStructure } from '../checkpoint/structure';
import { summarise } from '../checkpoint/summary';
import { type Checkpoint, hasGraph } from '../model';
import type { StoredArtifact } from './analysisStore';

/** A checkpoint whose modules are known. */
export interface KnownCheckpoint {
  readonly opened: StoredArtifact;
  readonly checkpoint: Checkpoint;
  readonly structure: CheckpointStructure;
  readonly fold: ModuleFold;
}

/** Splits checkpoints into modules, and keeps that as long as the checkpoints themselves are kept. */
export class Checkpoints {
  private readonly known = new WeakMap<Checkpoint, Pick<KnownCheckpoint, 'structure' | 'fold'>>();

  /** @throws UserError for a model with a graph. */
  of(opened: StoredArtifact): KnownCheckpoint {
    const { artifact, name } = opened;
    if (hasGraph(artifact)) throw new UserError(`${name} is a model with a graph; this needs a checkpoint, such as safetensors.`);
    return { opened, checkpoint: artifact, ...this.structureOf(artifact) };
  }

  private structureOf(checkpoint: Checkpoint): Pick<KnownCheckpoint, 'structure' | 'fold'> {
    const before = this.known.get(checkpoint);
    if (before) return before;
    const structure = checkpointStructure(checkpoint);
    const made = { structure, fold: foldModules(structure) };
    this.known.set(checkpoint, made);
    return made;
  }
}

/** The summary of a checkpoint that `open` gives. */
export function summaryOf({ checkpoint, structure, opened }: KnownCheckpoint) {
  return summarise(checkpoint, structure, { name: opened.name, bytes: opened.bytes });
}
