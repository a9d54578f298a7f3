import type { Scene, SceneBox } from './scene';

/** Where an arrow key leads; `inside` opens a group, `outside` goes to the one around. */
export type Direction = 'up' | 'down' | 'left' | 'right' | 'inside' | 'outside';

const center = (placed: SceneBox) => placed.x + placed.width / 2;

function nearest(from: SceneBox, candidates: readonly SceneBox[]): SceneBox | null {
  let best: SceneBox | null = null;
  for (const candidate of candidates) {
    if (!best || Math.abs(center(candidate) - center(from)) < Math.abs(center(best) - center(from))) best = candidate;
  }
  return best;
}

/** Boxes at the other end of the edges that leave (or enter) a box; a port leads on beyond its frame. */
function along(scene: Scene, place: number, forward: boolean): SceneBox[] {
  const ends = scene.edges.flatMap((edge) => {
    const [near, far] = forward ? [edge.from, edge.to] : [edge.to, edge.from];
    return near === place ? [far] : [];
  });
  return [...new Set(ends)].flatMap((end) => {
    const placed = scene.boxes[end];
    if (!placed) return [];
    if (placed.box.kind !== (forward ? 'portOut' : 'portIn')) return [placed];
    const frame = scene.index.get(placed.group);
    return frame === undefined ? [] : along(scene, frame, forward);
  });
}

/** The key of the box that an arrow key leads to, or `null` where the way ends. */
export function neighbour(scene: Scene, key: string, direction: Direction): string | null {
  const place = scene.index.get(key);
  const from = place === undefined ? undefined : scene.boxes[place];
  const drawn = (placed: SceneBox) => placed.box.kind !== 'portIn' && placed.box.kind !== 'portOut';
  if (place === undefined || !from) return scene.boxes.find(drawn)?.key ?? null;
  switch (direction) {
    case 'down':
      return nearest(from, along(scene, place, true))?.key ?? null;
    case 'up':
      return nearest(from, along(scene, place, false))?.key ?? null;
    case 'inside':
      return from.open ? (scene.boxes.find((placed) => placed.group === key && drawn(placed))?.key ?? null) : null;
    case 'outside':
      return from.group === '' ? null : from.group;
    case 'left':
    case 'right': {
      const sign = direction === 'left' ? -1 : 1;
      const beside = scene.boxes.filter(
        (placed) =>
          placed.group === from.group && placed.layer === from.layer && drawn(placed) && (center(placed) - center(from)) * sign > 0,
      );
      return nearest(from, beside)?.key ?? null;
    }
    default:
      return direction satisfies never;
  }
}
