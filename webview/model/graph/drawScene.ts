import { boxItems, DETAIL_ZOOM } from './drawBoxes';
import { type Item, path, rect, text } from './drawList';
import { ARROW_LENGTH, arrowSteps, edgeSteps, routeBounds } from './edgePath';
import type { Look } from './look';
import type { Scene, SceneEdge } from './scene';
import { DETAIL_SIZE, estimateWidth } from './sizes';

function edgeItems(edge: SceneEdge, look: Look): Item[] {
  const bounds = routeBounds(edge.route);
  const stroke = { color: look.theme.description, alpha: look.theme.highContrast ? 1 : 0.8 };
  const bare = edge.through;
  const items: Item[] = [
    path(bounds, edgeSteps(edge.route, bare ? 0 : ARROW_LENGTH), { stroke, lineWidth: edge.edge.count > 1 ? 1.75 : 1 }),
  ];
  if (!bare) items.push(path(bounds, arrowSteps(edge.route), { fill: stroke, minZoom: DETAIL_ZOOM / 2 }));
  return items;
}

/** The lines that lead from a frame's border to its ports, where the outer edge goes on. */
function portLines(scene: Scene, look: Look): Item[] {
  const stroke = { color: look.theme.description, alpha: look.theme.highContrast ? 1 : 0.8 };
  return scene.boxes.flatMap(({ box, group, x, y, width, height }) => {
    const frame = scene.boxes[scene.index.get(group) ?? -1];
    if (!frame || (box.kind !== 'portIn' && box.kind !== 'portOut')) return [];
    const center = x + width / 2;
    const [top, bottom] = box.kind === 'portIn' ? [frame.y, y + height] : [y, frame.y + frame.height];
    return [
      path(
        { x: center, y: top, width: 0, height: bottom - top },
        [
          ['M', center, top],
          ['L', center, bottom],
        ],
        { stroke },
      ),
    ];
  });
}

/** Shapes beside the edges: once where every edge out of a box carries the same, else at each end. */
function edgeLabels(scene: Scene, look: Look): Item[] {
  const bySource = new Map<number, SceneEdge[]>();
  for (const edge of scene.edges) {
    if (edge.edge.label === '' && edge.edge.count < 2) continue;
    // The edge outside the group carries the same label.
    if (scene.boxes[edge.from]?.box.kind === 'portIn' || scene.boxes[edge.to]?.box.kind === 'portOut') continue;
    const known = bySource.get(edge.from);
    if (known) known.push(edge);
    else bySource.set(edge.from, [edge]);
  }
  const fill = { color: look.theme.description };
  const label = ({ edge }: SceneEdge) => (edge.count > 1 ? `${edge.count} values` : edge.label);
  return [...bySource.values()].flatMap((edges) => {
    const first = edges[0];
    if (!first || scene.boxes[first.from]?.box.kind === 'input') return [];
    const same = edges.every((edge) => label(edge) === label(first) && edge.route.points[0] === first.route.points[0]);
    // A halo of the page's colour would show on a frame's tint.
    const halo = scene.boxes[first.from]?.group === '' ? { halo: { color: look.theme.background } } : {};
    const style = { minZoom: DETAIL_ZOOM, ...halo };
    // Where edges part, their beginnings cross a label: it goes to the end of the straightest.
    const alone = edges.length === 1;
    const bend = ({ route }: SceneEdge) => Math.abs((route.points[0] ?? 0) - (route.points.at(-2) ?? 0));
    const straightest = edges.reduce((best, edge) => (bend(edge) < bend(best) ? edge : best), first);
    const shown = same ? [straightest] : edges;
    return shown.map((edge) => {
      const content = label(edge);
      const { points } = edge.route;
      const [x = 0, y = 0] = alone ? points.slice(0, 2) : points.slice(-2);
      const at = { x: x + 8, y: alone ? y + 17 : y - 9, size: DETAIL_SIZE, maxWidth: estimateWidth(content, DETAIL_SIZE) + 24 };
      return text(content, at, fill, style);
    });
  });
}

/** Everything, back to front: frames, lines, labels, boxes. Made once per scene and look, not per frame. */
export function sceneItems(scene: Scene, look: Look): Item[] {
  const frames = scene.boxes.filter(({ open }) => open).flatMap((placed) => boxItems(placed, look));
  const edges = scene.edges.flatMap((edge) => edgeItems(edge, look));
  const boxes = scene.boxes.filter(({ open }) => !open).flatMap((placed) => boxItems(placed, look));
  return [...frames, ...portLines(scene, look), ...edges, ...edgeLabels(scene, look), ...boxes];
}

/** Which boxes are to be seen among the others. */
export interface Marks {
  readonly selected: string;
  readonly hovered: string;
  readonly found: ReadonlySet<string>;
}

/** What is drawn on top while the person looks around: the selected, hovered and found boxes. */
export function markItems(scene: Scene, marks: Marks, look: Look): Item[] {
  const around = (key: string, grow: number) => {
    const placed = scene.boxes[scene.index.get(key) ?? -1];
    return placed && { x: placed.x - grow, y: placed.y - grow, width: placed.width + 2 * grow, height: placed.height + 2 * grow };
  };
  const items: Item[] = [];
  for (const key of marks.found) {
    const bounds = around(key, 2);
    const open = scene.boxes[scene.index.get(key) ?? -1]?.open ?? false;
    if (bounds && !open) items.push(rect(bounds, { radius: 6, stroke: { color: look.theme.found }, lineWidth: 2 }));
  }
  const hovered = around(marks.hovered, 0);
  if (hovered && marks.hovered !== marks.selected)
    items.push(rect(hovered, { radius: 4, stroke: { color: look.theme.foreground, alpha: 0.6 }, lineWidth: 1 }));
  const selected = around(marks.selected, 0);
  if (selected) items.push(rect(selected, { radius: 4, stroke: { color: look.theme.focus }, lineWidth: 2 }));
  const edges = scene.edges.filter(({ from, to }) => scene.boxes[from]?.key === marks.selected || scene.boxes[to]?.key === marks.selected);
  for (const edge of edges) {
    const stroke = { color: look.theme.focus };
    const bare = edge.through;
    items.push(path(routeBounds(edge.route), edgeSteps(edge.route, bare ? 0 : ARROW_LENGTH), { stroke, lineWidth: 1.5 }));
    if (!bare) items.push(path(routeBounds(edge.route), arrowSteps(edge.route), { fill: stroke }));
  }
  return items;
}
