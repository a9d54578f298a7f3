import { describe, expect, it } from 'vitest';
import { overviewOf } from '../../src/engine/modelSlices';
import type { Profile } from '../../src/protocol';
import { categoryName } from '../../src/report/loose';
import { addCounts } from '../../webview/common/addCounts';
import { colorTable, mapColor } from '../../webview/common/colormaps';
import { readState } from '../../webview/common/kept';
import { tableText } from '../../webview/common/table/exportTable';
import { sortBy } from '../../webview/common/table/sortRows';
import { histogramBars } from '../../webview/common/tensors/histogramBars';
import { macParts } from '../../webview/model/details/macParts';
import { bringIntoView, fitScene, pan, zoomAt } from '../../webview/model/graph/camera';
import { text } from '../../webview/model/graph/drawList';
import { arrowSteps, edgeSteps } from '../../webview/model/graph/edgePath';
import { neighbour } from '../../webview/model/graph/navigate';
import { buildScene } from '../../webview/model/graph/scene';
import { parseQuery, searchNodes } from '../../webview/model/graph/search';
import { toSvg } from '../../webview/model/graph/svg';
import { profileRows } from '../../webview/model/profile/rows';
import { ProfileIndex } from '../../webview/model/profileIndex';
import { sharedScopes, withoutScopes } from '../../webview/model/scopes';
import { KEPT } from '../../webview/model/viewState';
import { makeLevel, makeProfile } from './support/modelData';

const levels = new Map(
  ['', 'stem', 'b0', 'b2'].flatMap((group) => [[group, makeLevel(group)] as const]).filter((entry) => entry[1] !== null),
) as ReadonlyMap<string, NonNullable<ReturnType<typeof makeLevel>>>;

const indexOf = (profile: Profile) => new ProfileIndex(overviewOf(profile, []), profile);

describe('counts and tables', () => {
  it('adds exactly past 2^53 and keeps numbers where they are exact', () => {
    expect(addCounts(2, 3)).toBe(5);
    expect(addCounts(Number.MAX_SAFE_INTEGER, 1)).toBe('9007199254740992');
    expect(addCounts('9007199254740993', 2)).toBe('9007199254740995');
    expect(addCounts(7, null)).toBe(7);
  });

  it('orders names as people do and unknown figures last either way', () => {
    expect(sortBy(['conv10', 'conv2'], (name) => name, false)).toEqual(['conv2', 'conv10']);
    expect(sortBy([1, null, 3], (value) => value, true)).toEqual([3, 1, null]);
    expect(sortBy([1, null, 3], (value) => value, false)).toEqual([1, 3, null]);
  });

  it('writes tables that neither break their format nor run as formulas', () => {
    const rows = [
      ['Name', 'MACs'],
      ['a,"b"|c', '1'],
      ['=HYPERLINK("x")', '2'],
    ];
    expect(tableText(rows, 'CSV', new Set([1]))).toBe('Name,MACs\r\n"a,""b""|c",1\r\n"\'=HYPERLINK(""x"")",2');
    expect(
      tableText(rows, 'Markdown', new Set([1]))
        .split('\n')
        .slice(0, 3),
    ).toEqual(['| Name | MACs |', '| --- | ---: |', '| a,"b"\\|c | 1 |']);
    expect(tableText([['a\tb'], ['-1']], 'TSV', new Set())).toBe('a\\tb\n-1');
  });

  it('sums rows of a block to the block’s own totals', () => {
    const profile = makeProfile();
    const { rows, total } = profileRows(indexOf(profile), { grouping: 'block', filter: '', sorting: null, openRows: new Set() });
    expect(rows.map((row) => row.macs)).toEqual(profile.blocks.map((block) => block.totals.macs));
    expect(total.macs).toBe(profile.totals.macs);
    expect(total.parameters).toBe(profile.totals.parameters);
  });

  it('shows fifty thousand operators without leaving one out', () => {
    const profile = makeProfile();
    const [node] = profile.nodes;
    const nodes = Array.from({ length: 50_000 }, (_, place) => ({ ...node, id: `n${place}`, block: '' })) as typeof profile.nodes;
    const { rows } = profileRows(indexOf({ ...profile, nodes, blocks: [] }), {
      grouping: 'node',
      filter: '',
      sorting: { column: 'macs', descending: true },
      openRows: new Set(),
    });
    expect(rows).toHaveLength(50_000);
  });

  it('names categories in words', () => {
    expect(categoryName('convolution.depthwise')).toBe('Depthwise convolution');
    expect(categoryName('attention.weightedSum')).toBe('Attention weighted sum');
    expect(categoryName('feedForward')).toBe('Feed forward');
  });

  it('tells attention’s projections from its products over tokens', () => {
    const profile = makeProfile();
    const parts = macParts(profile.nodes.filter(({ block }) => block === 'b2'));
    const macs = (name: string) => parts.find((part) => part.name === name)?.macs;
    // 196 tokens of 384: q, k, v and output are 4 x 384^2 per token, both products 2 x 196^2 x 384, the feed-forward 2 x 4 x 384^2 per token.
    expect(macs('q, k, v and output')).toBe(196 * 384 * 384 * 4);
    expect(macs('scores and values')).toBe(2 * 196 * 196 * 384);
    expect(macs('Feed-forward')).toBe(196 * 384 * 384 * 8);
  });
});

describe('names', () => {
  it('finds the scopes that names share', () => {
    const names = ['/stages.0/blocks.1/attn/MatMul', '/stages.0/blocks.1/attn/Softmax', '/stages.0/blocks.1/mlp/MatMul', 'Constant_3'];
    expect(sharedScopes(names)).toEqual(['', 'stages.0', 'blocks.1']);
    expect(withoutScopes(names[0] ?? '', sharedScopes(names))).toBe('attn/MatMul');
    expect(withoutScopes('Constant_3', sharedScopes(names))).toBe('Constant_3');
    expect(sharedScopes(['/a/x', '/b/y'])).toEqual(['']);
  });

  it('reads queries: operator types, words, and a shape with its spaces', () => {
    expect(parseQuery('op:Conv stage2 [1, 64, 56')).toEqual({ ops: ['conv'], words: ['stage2', '[1, 64, 56'] });
    const index = indexOf(makeProfile());
    expect(searchNodes(index, '')).toEqual([]);
    expect(searchNodes(index, 'op:softmax')).toHaveLength(1);
    expect(searchNodes(index, 'op:conv [1, 64, 112, 112]')).toEqual(['n0', 'n1']);
  });
});

describe('scene', () => {
  it('places an opened group’s boxes inside its frame and lines its edges up with the ports', () => {
    const scene = buildScene(levels, new Set(['stem', 'b0']));
    const box = (key: string) => scene.boxes[scene.index.get(key) ?? -1];
    const frame = box('b0');
    expect(frame?.open).toBe(true);
    for (const placed of scene.boxes.filter(({ group }) => group === 'b0')) {
      expect(placed.x).toBeGreaterThan(frame?.x ?? 0);
      expect(placed.x + placed.width).toBeLessThan((frame?.x ?? 0) + (frame?.width ?? 0));
      expect(placed.y).toBeGreaterThanOrEqual(frame?.y ?? 0);
      expect(placed.y + placed.height).toBeLessThanOrEqual((frame?.y ?? 0) + (frame?.height ?? 0));
    }
    const entering = scene.edges.find((edge) => scene.boxes[edge.to] === frame);
    const port = box('b0|port:in');
    expect(entering?.through).toBe(true);
    expect(entering?.route.points.at(-2)).toBeCloseTo((port?.x ?? 0) + (port?.width ?? 0) / 2);
  });

  it('draws a group closed until its level has arrived', () => {
    const scene = buildScene(new Map([['', levels.get('') as NonNullable<ReturnType<typeof makeLevel>>]]), new Set(['stem', 'gone']));
    expect(scene.boxes.some(({ open }) => open)).toBe(false);
  });

  it('moves along edges, into groups and out of them, past ports', () => {
    const scene = buildScene(levels, new Set(['stem']));
    expect(neighbour(scene, '', 'down')).toBe('|in:input');
    expect(neighbour(scene, '|in:input', 'down')).toBe('stem');
    expect(neighbour(scene, 'stem', 'inside')).toBe('n0');
    expect(neighbour(scene, 'n0', 'down')).toBe('n1');
    expect(neighbour(scene, 'n1', 'down')).toBe('b0');
    expect(neighbour(scene, 'n0', 'up')).toBe('|in:input');
    expect(neighbour(scene, 'n1', 'outside')).toBe('stem');
    expect(neighbour(scene, '|out:logits', 'down')).toBeNull();
  });

  it('ends arrows at their box, with the line no longer than the head begins', () => {
    const route = { kind: 'curve' as const, points: [10, 0, 10, 0, 50, 40, 50, 40] };
    expect(arrowSteps(route)[0]).toEqual(['M', 50, 40]);
    expect(edgeSteps(route, 7).at(-1)?.slice(-2)).toEqual([50, 33]);
  });

  it('writes names into SVG as text', () => {
    const item = text('<script>&"', { x: 0, y: 0, size: 11, maxWidth: 500 }, { color: '#000' });
    expect(toSvg([item], 10, 10, '#fff', 'a"b')).toContain('>&lt;script&gt;&amp;&quot;</text>');
    expect(toSvg([item], 10, 10, '#fff', 'a"b')).not.toContain('<script>');
  });
});

describe('camera', () => {
  const view = { width: 800, height: 600 };
  it('keeps the point under the pointer while zooming and comes back', () => {
    const start = { x: 10, y: 20, zoom: 0.5 };
    const near = zoomAt(start, 300, 200, 2);
    expect(near.x + 300 / near.zoom).toBeCloseTo(start.x + 300 / start.zoom);
    const back = zoomAt(near, 300, 200, 0.5);
    expect(back.x).toBeCloseTo(start.x);
    expect(pan(start, 50, 0).x).toBe(10 - 100);
  });

  it('fits a tall graph and never enlarges a small one', () => {
    expect(fitScene({ width: 200, height: 6000 }, view).zoom).toBeCloseTo(552 / 6000);
    expect(fitScene({ width: 200, height: 100 }, view).zoom).toBe(1);
  });

  it('does not move for what is in sight already', () => {
    const camera = { x: 0, y: 0, zoom: 1 };
    expect(bringIntoView(camera, { x: 100, y: 100, width: 50, height: 50 }, view)).toEqual(camera);
    expect(bringIntoView(camera, { x: 100, y: 900, width: 50, height: 50 }, view)).toEqual({ x: 0, y: 900 + 50 + 24 - 600, zoom: 1 });
  });
});

describe('pictures and state', () => {
  it('has Matplotlib’s colours at the ends and in the middle', () => {
    // matplotlib.colormaps['viridis'](0), (128 of 256), (255) and cividis (0), (255), as 8-bit sRGB.
    expect([...colorTable('viridis').slice(0, 3)]).toEqual([68, 1, 84]);
    expect([...colorTable('viridis').slice(255 * 3)]).toEqual([253, 231, 37]);
    expect([...colorTable('cividis').slice(0, 3)]).toEqual([0, 34, 78]);
    expect([...colorTable('cividis').slice(255 * 3)]).toEqual([254, 232, 56]);
    const middle = colorTable('viridis').slice(128 * 3, 129 * 3);
    for (const [channel, value] of [33, 145, 140].entries()) expect(Math.abs((middle[channel] ?? 0) - value)).toBeLessThanOrEqual(1);
    expect(mapColor('viridis', Number.NaN)).toBe('rgb(68 1 84)');
  });

  it('gives every bin that is not empty a pixel', () => {
    expect(histogramBars([0, 1, 100_000], 96)).toEqual([0, 1, 96]);
    expect(histogramBars([0, 0], 96)).toEqual([0, 0]);
  });

  it('takes from kept state what has the right form', () => {
    const { first, readers } = KEPT;
    expect(readState(null, first, readers)).toEqual(first);
    const kept = readState(
      {
        tab: 'profile',
        camera: { x: 0, y: 0, zoom: 0 },
        open: ['a', 1],
        detailsWidth: 300,
        bindings: { batch: 'two' },
      },
      first,
      readers,
    );
    expect(kept).toEqual({ ...first, tab: 'profile', detailsWidth: 300 });
  });
});
