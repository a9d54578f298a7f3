import { chainEdges } from './chains';
import { assignLayers } from './layers';
import { orderRows } from './order';
import { placeColumns } from './place';
import { routeEdges } from './route';
import { type Layout, type LayoutInput, SPACING, type Spacing } from './types';

/** A row gets taller room above it the further its edges run sideways, up to this much. */
const EXTRA_ROOM = 36;
const ROOM_PER_PIXEL = 1 / 8;

/**
 * Layered layout of one level: layers by longest path, order by barycentres, columns by least squares,
 * edges strictly downwards. Time and memory grow linearly with boxes and edges, but for sorting within
 * rows. Boxes stand in the middle of their layer; coordinates start at 0.
 */
export function layoutLevel({ nodes, edges }: LayoutInput, spacing: Spacing = SPACING): Layout {
  const layers = assignLayers(nodes, edges);
  const chained = chainEdges(nodes, edges, layers, spacing);
  const rows = orderRows(chained);
  const center = placeColumns(chained, rows, nodes.length, spacing);
  const shift = (values: Iterable<number>, least: number) => Float64Array.from(values, (value) => value - least);

  const rowHeight = Float64Array.from(rows, (row) => row.reduce((most, node) => Math.max(most, nodes[node]?.height ?? 0), 0));
  const sideways = new Float64Array(rows.length);
  for (const step of chained.steps) {
    const row = chained.layerOf[step.to] ?? 0;
    sideways[row] = Math.max(sideways[row] ?? 0, Math.abs((center[step.from] ?? 0) - (center[step.to] ?? 0)));
  }
  const rowTop = new Float64Array(rows.length);
  let bottom = 0;
  rows.forEach((_, row) => {
    const room = row === 0 ? 0 : spacing.rows + Math.min(EXTRA_ROOM, Math.round((sideways[row] ?? 0) * ROOM_PER_PIXEL));
    rowTop[row] = bottom + room;
    bottom = (rowTop[row] ?? 0) + (rowHeight[row] ?? 0);
  });

  let left = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  for (let node = 0; node < chained.count; node++) {
    const half = (chained.width[node] ?? 0) / 2;
    left = Math.min(left, (center[node] ?? 0) - half);
    right = Math.max(right, (center[node] ?? 0) + half);
  }
  if (chained.count === 0) left = right = 0;
  const centers = shift(center, left);
  const y = Float64Array.from(nodes, (node, index) => {
    const row = layers[index] ?? 0;
    return Math.round((rowTop[row] ?? 0) + ((rowHeight[row] ?? 0) - node.height) / 2);
  });
  const routed = routeEdges({ nodes, edges, chained, center: centers, rowTop, rowHeight, y, spacing }, right - left);
  return {
    x: Float64Array.from(nodes, (node, index) => (centers[index] ?? 0) - node.width / 2),
    y,
    layers,
    routes: routed.routes,
    width: routed.right,
    height: bottom,
  };
}
