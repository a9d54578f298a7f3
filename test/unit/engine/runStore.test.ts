import { describe, expect, it } from 'vitest';
import { RunStore, type StoredRun } from '../../../src/engine/runStore';

function run(bytes: number): StoredRun {
  const pixel = { width: 1, height: 1, channels: 3, data: new Uint8Array(3) } as const;
  return { image: pixel, seen: pixel, layers: [], bytes };
}

describe('RunStore', () => {
  it('drops the least recently used run when there are too many', () => {
    const store = new RunStore(2, 1000);
    store.add('a', run(1));
    store.add('b', run(1));
    store.get('a');
    store.add('c', run(1));
    expect(() => store.get('b')).toThrow(/no longer kept/);
    expect(store.get('a').bytes).toBe(1);
  });

  it('drops runs when they are too large together, but never the newest', () => {
    const store = new RunStore(9, 10);
    store.add('a', run(6));
    store.add('b', run(50));
    expect(() => store.get('a')).toThrow();
    expect(store.get('b').bytes).toBe(50);
  });
});
