/** What the layout needs of a box: its size, in pixels at zoom 1. */
export interface LayoutNode {
  readonly width: number;
  readonly height: number;
  /** Where the box must stand whatever reads it: the places where values enter and leave an opened group. */
  readonly pin?: 'top' | 'bottom';
}

/** Indices into the nodes. */
export interface LayoutEdge {
  readonly from: number;
  readonly to: number;
  /** Where the edge leaves and enters, as offsets from the box's centre; free where not given. */
  readonly exit?: number | undefined;
  readonly enter?: number | undefined;
}

/** Boxes with their sizes and the lines between them, in any unit. */
export interface LayoutInput {
  readonly nodes: readonly LayoutNode[];
  readonly edges: readonly LayoutEdge[];
}

/** Room between what is laid out, in the same unit. */
export interface Spacing {
  /** Between two boxes of one layer. */
  readonly columns: number;
  /** Between two layers. */
  readonly rows: number;
  /** Between two lines that run side by side. */
  readonly lines: number;
  /** An edge over more layers than this runs around the side. */
  readonly longSpan: number;
}

/** In scene units. */
export const SPACING: Spacing = { columns: 24, rows: 28, lines: 12, longSpan: 12 };

/**
 * A way from the bottom of one box to the top of another. `points` holds x, y pairs.
 * `curve`: smooth between the points, vertical at each. `lane`: straight runs with rounded corners.
 */
export interface Route {
  readonly kind: 'curve' | 'lane';
  readonly points: readonly number[];
}

/** Top left corners of the boxes, one route per edge, and the size of everything. */
export interface Layout {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly layers: Int32Array;
  readonly routes: readonly Route[];
  readonly width: number;
  readonly height: number;
}
