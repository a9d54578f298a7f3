import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RemoteError } from '../../src/protocol';
import { allRows } from '../../webview/common/allRows';
import { entries, flag, nullable, number, oneOf, readState, record, someOf, sorting, text, texts } from '../../webview/common/kept';
import { amountText, Pace } from '../../webview/common/progress';
import { isCancelled, Latest, settled } from '../../webview/common/result';
import { ViewStore } from '../../webview/common/store';
import { fetchContent } from '../../webview/model/content';

const first = { tab: 'graph' as 'graph' | 'table', open: [] as readonly string[], width: 320, shown: true, note: '' };
const readers = { tab: oneOf(['graph', 'table']), open: texts, width: number((value) => value > 0), shown: flag, note: text };

describe('what a view kept', () => {
  it('is taken field by field as far as it has its form', () => {
    for (const nothing of [undefined, null, 7, 'graph', [], ['graph']]) expect(readState(nothing, first, readers)).toEqual(first);
    const kept = { tab: 'table', open: ['a', 1], width: -3, shown: 'yes', note: 'n', more: 1 };
    expect(readState(kept, first, readers)).toEqual({ ...first, tab: 'table', note: 'n' });
    expect(readState({ width: Number.NaN, open: ['a'] }, first, readers)).toEqual({ ...first, open: ['a'] });
  });

  it('is never what every object has by another name', () => {
    const named = { toString: 'a', constructor: 'b' };
    const read = { toString: text, constructor: text } as never;
    expect(readState({}, named as never, read)).toEqual(named);
    const bindings = entries((value): value is number => typeof value === 'number');
    const restored = bindings(JSON.parse('{"__proto__": 4, "constructor": 2, "batch": "two"}'), {});
    expect(Object.entries(restored)).toEqual([
      ['__proto__', 4],
      ['constructor', 2],
    ]);
    expect(Object.getPrototypeOf(restored)).toBe(Object.prototype);
  });

  it('keeps lists in our order, states within states, and a sorting of columns that there are', () => {
    expect(someOf(['a', 'b', 'c'])(['c', 'x', 'a'], [])).toEqual(['a', 'c']);
    expect(record(readers)({ width: 9 }, first)).toEqual({ ...first, width: 9 });
    expect(sorting(['macs'])({ column: 'macs', descending: true }, null)).toEqual({ column: 'macs', descending: true });
    expect(sorting(['macs'])({ column: 'size', descending: true }, null)).toBeNull();
    expect(sorting()({ column: 'size', descending: false }, null)).toEqual({ column: 'size', descending: false });
    expect(sorting()({ column: 'size' }, null)).toBeNull();
    const last = nullable((kept) => (typeof kept === 'string' ? kept : null));
    expect([last(undefined, 'before'), last(3, 'before'), last('now', 'before')]).toEqual(['before', null, 'now']);
  });
});

describe('a view’s store', () => {
  let state: unknown;
  const before = (globalThis as Record<string, unknown>)['acquireVsCodeApi'];
  beforeEach(() => {
    state = { other: 1 };
    Object.assign(globalThis, {
      acquireVsCodeApi: () => ({ getState: () => state, setState: (next: unknown) => (state = next), postMessage: () => {} }),
    });
  });
  afterEach(() => Object.assign(globalThis, { acquireVsCodeApi: before }));

  it('keeps what the person chose beside what others kept, and tells those who listen until they stop', async () => {
    const store = new ViewStore({}, { key: 'test', first, readers });
    let heard = 0;
    const stop = store.subscribe(() => heard++);
    store.update({ width: 400 });
    expect([store.state.width, heard]).toEqual([400, 1]);
    expect(state).toEqual({ other: 1, test: { ...first, width: 400 } });
    stop();
    store.update({ width: 500 });
    expect(heard).toBe(1);
    expect(new ViewStore({}, { key: 'test', first, readers }).state.width).toBe(500);
  });

  it('says what was done, holds what could not be done, and lets go of it after what works', async () => {
    const store = new ViewStore(
      { fails: async () => Promise.reject(new Error('no disk')), works: async () => {} },
      { key: 'test', first, readers },
    );
    await store.act((api) => api.fails());
    expect(String(store.problem)).toContain('no disk');
    await store.act((api) => api.works(), 'Saved');
    expect([store.problem, store.note]).toEqual([null, 'Saved']);
  });
});

describe('work of which only the latest counts', () => {
  it('ends what was begun before, and does not let a late end speak', () => {
    const latest = new Latest();
    const one = latest.begin();
    const two = latest.begin();
    expect([one.signal.aborted, one.isCurrent(), two.isCurrent(), latest.busy]).toEqual([true, false, true, true]);
    one.end();
    expect(two.isCurrent()).toBe(true);
    latest.cancel();
    expect([two.signal.aborted, two.isCurrent()]).toEqual([true, true]);
    two.end();
    expect(latest.busy).toBe(false);
    const three = latest.begin();
    latest.drop();
    expect([three.signal.aborted, three.isCurrent()]).toEqual([true, false]);
  });

  it('never rejects where it is settled, and tells cancelling from failing', async () => {
    const cancelled = await settled(Promise.reject(new RemoteError({ kind: 'AbortError', message: '' })));
    expect(cancelled.status === 'error' && isCancelled(cancelled.error)).toBe(true);
    expect(await settled(Promise.resolve(3))).toEqual({ status: 'ready', value: 3 });
    expect(isCancelled(new Error('AbortError'))).toBe(false);
  });
});

describe('progress in figures', () => {
  const reading = (done: number) => ({ stage: 'read', fraction: done / 80e6, amount: { unit: 'bytes' as const, done, of: 80_000_000 } });
  it('gives bytes and their rate once it can be known, anew for every stage', () => {
    const pace = new Pace();
    expect(amountText(reading(0), pace.rate(reading(0), 1000))).toBe('0\u2009B of 80.0\u2009MB');
    expect(pace.rate(reading(1_000_000), 1100)).toBeNull();
    // 20 MB in 2 s.
    expect(amountText(reading(20_000_000), pace.rate(reading(20_000_000), 3000))).toBe('20.0\u2009MB of 80.0\u2009MB, 10.0\u2009MB/s');
    const shapes = { stage: 'shapes', fraction: null, amount: { unit: 'operators' as const, done: 0, of: 52_216 } };
    expect(amountText(shapes, pace.rate(shapes, 4000))).toBe('52,216 operators');
    expect(amountText({ stage: 'x', fraction: null }, null)).toBe('');
  });
});

describe('long lists in slices', () => {
  it('are asked for until they end, and end where one does not go on', async () => {
    const list = Array.from({ length: 10 }, (_, place) => place);
    const received: number[] = [];
    const rows = await allRows(
      async (from) => ({ rows: list.slice(from, from + 4), next: from + 4 < 10 ? from + 4 : null }),
      (count) => received.push(count),
    );
    expect([rows, received]).toEqual([list, [4, 8, 10]]);
    expect(await allRows(async (from) => ({ rows: [from], next: from }))).toEqual([0]);
  });

  it('say so where the file changed while they came', async () => {
    const empty = async () => ({ rows: [], next: null });
    const api = { nodeRows: empty, blockRows: empty } as unknown as Parameters<typeof fetchContent>[0];
    const overview = { lengths: { nodes: 3, blocks: 0 } } as Parameters<typeof fetchContent>[1];
    await expect(fetchContent(api, overview, new AbortController().signal, () => {})).rejects.toThrow(
      'The file changed while it was read.',
    );
  });
});
