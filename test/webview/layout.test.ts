import { describe, expect, it } from 'vitest';
import { chainEdges } from '../../webview/model/layout/chains';
import { assignLayers } from '../../webview/model/layout/layers';
import { layoutLevel } from '../../webview/model/layout/layout';
import { spread } from '../../webview/model/layout/place';
import { type LayoutEdge, type LayoutInput, type LayoutNode, SPACING } from '../../webview/model/layout/types';

const box = { width: 200, height: 50 };

/** A chain of residual blocks of three boxes and an addition, with a skip edge around each. */
function residualChain(blocks: number): LayoutInput {
  const edges: LayoutEdge[] = [];
  for (let block = 0; block < blocks; block++) {
    const first = block * 4;
    edges.push({ from: first, to: first + 1 }, { from: first + 1, to: first + 2 }, { from: first + 2, to: first + 3 });
    edges.push({ from: first, to: first + 3 }, { from: first + 3, to: first + 4 });
  }
  return { nodes: Array.from({ length: blocks * 4 + 1 }, () => box), edges };
}

/** A reproducible graph in which every box reads a few earlier ones. */
function tangled(count: number, seed: number): LayoutInput {
  let state = seed;
  const random = () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
  const nodes = Array.from({ length: count }, () => ({ width: 80 + Math.floor(random() * 300), height: 20 + Math.floor(random() * 200) }));
  const edges: LayoutEdge[] = [];
  for (let to = 1; to < count; to++) {
    const reads = 1 + Math.floor(random() * 3);
    for (let read = 0; read < reads; read++) edges.push({ from: Math.max(0, to - 1 - Math.floor(random() * 20)), to });
  }
  return { nodes, edges };
}

function overlaps(input: LayoutInput): number {
  const { x, y } = layoutLevel(input);
  let found = 0;
  for (let a = 0; a < input.nodes.length; a++) {
    for (let b = a + 1; b < input.nodes.length; b++) {
      const [first, second] = [input.nodes[a] ?? box, input.nodes[b] ?? box];
      const apartX = (x[a] ?? 0) + first.width <= (x[b] ?? 0) || (x[b] ?? 0) + second.width <= (x[a] ?? 0);
      const apartY = (y[a] ?? 0) + first.height <= (y[b] ?? 0) || (y[b] ?? 0) + second.height <= (y[a] ?? 0);
      if (!apartX && !apartY) found++;
    }
  }
  return found;
}

describe('layers', () => {
  it('puts every box below all that it reads', () => {
    const { nodes, edges } = tangled(400, 1);
    const layers = assignLayers(nodes, edges);
    for (const { from, to } of edges) expect(layers[from]).toBeLessThan(layers[to] ?? 0);
  });

  it('pulls a constant next to its reader', () => {
    const chain = [0, 1, 2, 3].map((from) => ({ from, to: from + 1 }));
    expect([...assignLayers(Array(6).fill(box), [...chain, { from: 5, to: 4 }])]).toEqual([0, 1, 2, 3, 4, 3]);
  });

  it('keeps what is pinned to the top or bottom there', () => {
    const chain = [0, 1, 2].map((from) => ({ from, to: from + 1 }));
    const nodes: LayoutNode[] = [box, box, box, box, { ...box, pin: 'top' }, { ...box, pin: 'bottom' }];
    expect([...assignLayers(nodes, [...chain, { from: 4, to: 3 }, { from: 0, to: 5 }])]).toEqual([0, 1, 2, 3, 0, 3]);
  });

  it('draws a cycle and a self loop instead of hanging', () => {
    const input = { nodes: [box, box, box], edges: [0, 1, 2].map((from) => ({ from, to: (from + 1) % 3 })).concat({ from: 1, to: 1 }) };
    const layout = layoutLevel(input);
    expect(layout.routes).toHaveLength(4);
    for (const value of [...layout.x, ...layout.y, ...layout.routes.flatMap((route) => route.points)])
      expect(value).toSatisfy(Number.isFinite);
  });
});

describe('spread', () => {
  it('keeps wishes that are far enough apart and centres a clash between equals', () => {
    expect(spread([0, 100], [1, 1], [50, 0])).toEqual([0, 100]);
    expect(spread([10, 10, 10], [1, 1, 1], [20, 20, 0])).toEqual([-10, 10, 30]);
  });
});

describe('layoutLevel', () => {
  it('keeps a residual chain on one straight line with the skips beside it', () => {
    const input = residualChain(5);
    const { x, routes } = layoutLevel(input);
    expect(new Set(x).size).toBe(1);
    const skip = routes[3]?.points ?? [];
    const beside = skip.filter((_, index) => index % 2 === 0).slice(2, -2);
    expect(beside.length).toBeGreaterThan(0);
    for (const line of beside) expect(Math.abs(line - (x[0] ?? 0) - 100)).toBeGreaterThan(100);
    expect(new Set(beside).size).toBe(1);
  });

  it('stands a box under the place where its edge leaves the one above', () => {
    const { x } = layoutLevel({ nodes: [{ width: 600, height: 50 }, box], edges: [{ from: 0, to: 1, exit: 150, enter: -50 }] });
    expect((x[1] ?? 0) + 100 - 50).toBe((x[0] ?? 0) + 300 + 150);
  });

  it('never overlaps two boxes, whatever their sizes', () => {
    for (const seed of [1, 2, 3]) expect(overlaps(tangled(250, seed))).toBe(0);
    expect(overlaps(residualChain(40))).toBe(0);
  });

  it('draws every edge from the bottom of its box strictly downwards to the top of the other', () => {
    const input = tangled(300, 7);
    const { x, y, routes } = layoutLevel(input);
    input.edges.forEach(({ from, to }, index) => {
      const points = routes[index]?.points ?? [];
      const heights = points.filter((_, place) => place % 2 === 1);
      expect(heights[0]).toBe((y[from] ?? 0) + (input.nodes[from]?.height ?? 0));
      expect(heights.at(-1)).toBe(y[to]);
      for (let step = 1; step < heights.length; step++) expect(heights[step]).toBeGreaterThanOrEqual(heights[step - 1] ?? 0);
      const end = points.at(-2) ?? 0;
      expect(end).toBeGreaterThanOrEqual(x[to] ?? 0);
      expect(end).toBeLessThanOrEqual((x[to] ?? 0) + (input.nodes[to]?.width ?? 0));
    });
  });

  it('sends an edge over many layers around the side, past every box', () => {
    const nodes = Array.from({ length: 40 }, () => box);
    const edges = [...nodes.keys()].slice(1).map((to) => ({ from: to - 1, to }));
    const { routes, x, width } = layoutLevel({ nodes, edges: [...edges, { from: 0, to: 39 }] });
    const lane = routes.at(-1);
    expect(lane?.kind).toBe('lane');
    expect(Math.max(...(lane?.points ?? []).filter((_, place) => place % 2 === 0))).toBeGreaterThan((x[0] ?? 0) + 200);
    expect(width).toBeGreaterThan(200);
  });

  it('cuts an edge into at most longSpan steps, so that the work stays linear', () => {
    const { nodes, edges } = tangled(2000, 3);
    const chained = chainEdges(nodes, edges, assignLayers(nodes, edges), SPACING);
    expect(chained.count).toBeLessThanOrEqual(nodes.length + SPACING.longSpan * edges.length);
  });

  it('lays out 50,000 boxes in time that grows with their number', () => {
    const time = (blocks: number) => {
      const input = residualChain(blocks);
      const start = performance.now();
      layoutLevel(input);
      return performance.now() - start;
    };
    time(1000);
    const small = Math.min(time(2500), time(2500));
    const large = Math.min(time(12500), time(12500));
    // Five times the boxes: quadratic work would take twenty-five times as long.
    expect(large / small).toBeLessThan(15);
  });
});
