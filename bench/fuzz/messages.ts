import type { Fault } from '../../test/fixtures/fuzz/drive/watch';

/** Runs `from` to `to` (excluded) of one seed. */
export interface Order {
  readonly from: number;
  readonly to: number;
}

/** One run that is worth telling of. */
export interface Told {
  readonly run: number;
  readonly name: string;
  readonly edits: readonly string[];
  readonly bytes: number;
}

export interface Measured extends Told {
  /** CPU seconds of everything that was asked of the file. */
  readonly seconds: number;
  /** Megabytes that the process's highest resident memory rose by. */
  readonly megabytes: number;
}

/** What a worker says of an order when it is done with it. */
export interface Report {
  readonly runs: number;
  readonly opened: number;
  /** By `step: class`. */
  readonly refusals: Readonly<Record<string, number>>;
  readonly faults: readonly (Told & Fault)[];
  /** The slowest and largest of the order, and all beyond the limits. */
  readonly measured: readonly Measured[];
  /** The process holds so much that the next one's memory could not be told. */
  readonly tired: boolean;
}

/** Files smaller than this must keep to the limits. */
export const SMALL_BYTES = 200_000;
/** CPU seconds, and megabytes of a whole process. */
export const MOST = { seconds: 2, megabytes: 500 } as const;
