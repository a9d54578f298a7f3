import type { ComparedFigures } from '../analysis/compare/types';
import type { ArchitectureRecord, FamilySummary, Knobs } from './architectures';

/** A variant of the page's family with single knobs changed; `''` stands for the family's default knobs. */
export interface ReferenceChoice {
  readonly variant: string;
  /** Only those that differ from the variant's own. */
  readonly knobs: Knobs;
}

/** What the engine counts of a built reference system, beside what was published of it. */
export interface ReferenceFigures {
  readonly record: ArchitectureRecord;
  readonly figures: ComparedFigures;
}

/** What the webview of a family of reference systems may ask of the extension host. */
export interface FamilyViewApi {
  /** Names, knobs and published figures at once, without building anything. */
  load(params: Record<string, never>): Promise<FamilySummary>;
  /** Builds and profiles; fails in one sentence where the knobs do not fit. */
  figures(params: ReferenceChoice): Promise<ReferenceFigures>;
  openModel(params: ReferenceChoice): Promise<void>;
  /** Adds it to the comparison used last, or starts one. */
  compare(params: ReferenceChoice): Promise<void>;
  /** Asks for the weights and the place, then writes an ONNX file; does nothing where the person changes their mind. */
  exportModel(params: ReferenceChoice): Promise<void>;
}
