import type { Budget, Count, Figures } from '../profile';
import type { InputSize } from './inputSize';
import type { Spenders } from './spenders';
import type { StageFigures } from './stages';

export type { InputSize } from './inputSize';
export type { Spenders } from './spenders';
export type { StageKey, StageKind } from './stageKey';
export type { StageFigures } from './stages';

/** Columns of a comparison in which smaller is cheaper. */
export const COMPARED = ['parameters', 'trainableParameters', 'macs', 'flops', 'weightBytes', 'peakActivationBytes'] as const;
/** A column in which smaller is cheaper. */
export type ComparedMeasure = (typeof COMPARED)[number];

/** What one model of a comparison costs. */
export interface ComparedFigures extends Readonly<Record<ComparedMeasure, Count>> {
  readonly budget: Readonly<Record<Budget, Figures>>;
  /** Of the deepest block: pixels or steps per axis, `global` behind attention; `null` where nothing is known. */
  readonly receptiveField: number | string | readonly number[] | null;
  /** ImageNet-1K top-1 in per cent as published, for a reference variant. */
  readonly top1: number | null;
  /** Nodes of which something could not be counted. */
  readonly notCounted: number;
  /** Measures that leave something out. */
  readonly lowerBounds: readonly ComparedMeasure[];
  /** What it was counted at; `null` for a model that takes neither images nor sequences. */
  readonly input: InputSize | null;
  /** The model cut where its resolution changes; the stages' figures add up to the model's. */
  readonly stages: readonly StageFigures[];
  readonly spenders: Spenders;
}

/** (figure - baseline) / baseline; `null` where the baseline is 0. */
export type Differences = Readonly<Record<ComparedMeasure, number | null>>;

/** One model at one size. */
export interface ComparisonRow {
  /** Place of the model in the request. */
  readonly model: number;
  readonly name: string;
  /** Side of the image, or steps of the sequence, that was asked for. */
  readonly size: number | null;
  readonly inputs: readonly { readonly name: string; readonly shape: readonly (number | string | null)[] | null }[];
  /** `null` where the model failed; `error` says why. */
  readonly figures: ComparedFigures | null;
  /** To the baseline at the same size; `null` in the baseline's own row and where one of the two failed. */
  readonly difference: Differences | null;
  /** One sentence; `''` where all went well. */
  readonly error: string;
}

/** Models side by side. */
export interface Comparison {
  readonly schema: 1;
  /** Place of the baseline in the request. */
  readonly baseline: number;
  readonly sizes: readonly number[];
  /** Model by model, and size by size within a model. */
  readonly rows: readonly ComparisonRow[];
}
