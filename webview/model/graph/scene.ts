import type { GraphBox, GraphEdge, GraphLevel } from '../../../src/protocol';
import { layoutLevel } from '../layout/layout';
import type { LayoutNode, Route } from '../layout/types';
import { closedSize, estimateWidth, FRAME_HEADER, FRAME_PADDING, GROUP_WIDTH, TITLE_SIZE } from './sizes';

/** A box in its place. Frames (opened groups) stand before what is inside them. */
export interface SceneBox {
  /** The box's id; for inputs, outputs and ports, whose ids repeat in other levels, with the level's. */
  readonly key: string;
  readonly box: GraphBox;
  /** The group it stands in; `''` is the whole model. */
  readonly group: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** With the sheets of a stack. */
  readonly height: number;
  readonly depth: number;
  /** An opened group: a frame around its level. */
  readonly open: boolean;
  /** Layer within its level, for moving sideways by keyboard. */
  readonly layer: number;
}

/** A line between two boxes of the scene, as it is laid out. */
export interface SceneEdge {
  /** Indices into the boxes. */
  readonly from: number;
  readonly to: number;
  readonly edge: GraphEdge;
  readonly route: Route;
  /** It goes on inside an opened group, so no arrow head ends it here. */
  readonly through: boolean;
}

/** Everything drawn, in pixels at zoom 1, from (0, 0). */
export interface Scene {
  readonly boxes: readonly SceneBox[];
  readonly edges: readonly SceneEdge[];
  readonly index: ReadonlyMap<string, number>;
  readonly width: number;
  readonly height: number;
}

/** Before the first level is there. */
export const EMPTY_SCENE: Scene = { boxes: [], edges: [], index: new Map(), width: 0, height: 0 };

/** One laid-out level with its opened children, each relative to its parent. */
interface Plan {
  readonly level: GraphLevel;
  readonly sizes: readonly LayoutNode[];
  readonly children: ReadonlyMap<number, Plan>;
  readonly layout: ReturnType<typeof layoutLevel>;
  readonly ends: readonly { readonly from: number; readonly to: number; readonly through: boolean }[];
  /** Offset of each port from the left edge, by the value that passes it. */
  readonly entries: ReadonlyMap<string, number>;
  readonly exits: ReadonlyMap<string, number>;
}

/** What names a box across levels: the same node may be a port in several groups. */
export function keyOf(box: GraphBox, group: string): string {
  return box.kind === 'node' || box.kind === 'group' ? box.id : `${group}|${box.id}`;
}

function planLevel(level: GraphLevel, levels: ReadonlyMap<string, GraphLevel>, open: ReadonlySet<string>): Plan {
  const children = new Map<number, Plan>();
  const sizes = level.boxes.map((box, index): LayoutNode => {
    const inner = box.kind === 'group' && open.has(box.id) ? levels.get(box.id) : undefined;
    const size = closedSize(box);
    if (inner) {
      const child = planLevel(inner, levels, open);
      children.set(index, child);
      const title = estimateWidth(box.title, TITLE_SIZE) + 64;
      return {
        width: Math.max(GROUP_WIDTH, Math.min(title, 2 * GROUP_WIDTH), child.layout.width + 2 * FRAME_PADDING),
        height: child.layout.height + FRAME_HEADER + FRAME_PADDING,
      };
    }
    if (box.kind === 'portIn') return { ...size, pin: 'top' };
    return box.kind === 'portOut' || box.kind === 'output' ? { ...size, pin: 'bottom' } : size;
  });
  const places = new Map(level.boxes.map((box, index) => [box.id, index]));
  const ends: Plan['ends'][number][] = [];
  const edges = level.edges.map((edge) => {
    const from = places.get(edge.from) ?? -1;
    const to = places.get(edge.to) ?? -1;
    const [source, target] = [children.get(from), children.get(to)];
    const exit = source && offsetIn(source, sizes[from], source.exits.get(edge.value));
    const enter = target && offsetIn(target, sizes[to], target.entries.get(edge.value));
    ends.push({ from, to, through: enter !== undefined || level.boxes[to]?.kind === 'portOut' });
    return { from, to, exit, enter };
  });
  const layout = layoutLevel({ nodes: sizes, edges: edges.filter(({ from, to }) => from >= 0 && to >= 0) });
  const entries = new Map<string, number>();
  const exits = new Map<string, number>();
  level.edges.forEach((edge, index) => {
    const { from = -1, to = -1 } = ends[index] ?? {};
    if (level.boxes[from]?.kind === 'portIn') entries.set(edge.value, (layout.x[from] ?? 0) + (sizes[from]?.width ?? 0) / 2);
    if (level.boxes[to]?.kind === 'portOut') exits.set(edge.value, (layout.x[to] ?? 0) + (sizes[to]?.width ?? 0) / 2);
  });
  return { level, sizes, children, layout, ends, entries, exits };
}

/** Offset of a port from its frame's centre; the level stands in the middle of the frame. */
function offsetIn(plan: Plan, frame: LayoutNode | undefined, port: number | undefined): number | undefined {
  if (port === undefined || !frame) return undefined;
  return port - plan.layout.width / 2;
}

function shifted(route: Route, x: number, y: number): Route {
  return { kind: route.kind, points: route.points.map((value, index) => value + (index % 2 === 0 ? x : y)) };
}

/**
 * Lays out the whole model with the opened groups in place. A group in `open` whose level is not in
 * `levels` yet is drawn closed. Edges to boxes that are not there are left out.
 */
export function buildScene(levels: ReadonlyMap<string, GraphLevel>, open: ReadonlySet<string>): Scene {
  const root = levels.get('');
  if (!root) return EMPTY_SCENE;
  const boxes: SceneBox[] = [];
  const edges: SceneEdge[] = [];
  const emit = (plan: Plan, left: number, top: number, depth: number): void => {
    const { level, sizes, children, layout } = plan;
    const places = level.boxes.map((box, index) => {
      const place = boxes.length;
      const x = left + (layout.x[index] ?? 0);
      const y = top + (layout.y[index] ?? 0);
      const { width, height } = sizes[index] ?? closedSize(box);
      const child = children.get(index);
      const layer = layout.layers[index] ?? 0;
      boxes.push({ key: keyOf(box, level.group), box, group: level.group, x, y, width, height, depth, open: child !== undefined, layer });
      if (child) emit(child, x + (width - child.layout.width) / 2, y + FRAME_HEADER, depth + 1);
      return place;
    });
    let route = 0;
    level.edges.forEach((edge, index) => {
      const from = places[plan.ends[index]?.from ?? -1];
      const to = places[plan.ends[index]?.to ?? -1];
      if (from === undefined || to === undefined) return;
      const found = layout.routes[route++];
      if (found) edges.push({ from, to, edge, route: shifted(found, left, top), through: plan.ends[index]?.through ?? false });
    });
  };
  const plan = planLevel(root, levels, open);
  emit(plan, 0, 0, 0);
  return {
    boxes,
    edges,
    index: new Map(boxes.map((box, index) => [box.key, index])),
    width: plan.layout.width,
    height: plan.layout.height,
  };
}
