/** A counted size of one curve. */
export interface CurvePoint {
  readonly x: number;
  readonly y: number;
}

/** One line of a chart: pieces of counted points, broken where a size does not work. */
export interface Curve {
  readonly id: string;
  readonly name: string;
  readonly pieces: readonly (readonly CurvePoint[])[];
}

/** Two curves change places at `x`. */
export interface Crossing {
  /** The curve that lies lower before `x`. */
  readonly below: Curve;
  readonly above: Curve;
  readonly x: number;
  readonly y: number;
  /** Counted sizes on either side of it. */
  readonly between: readonly [number, number];
}
