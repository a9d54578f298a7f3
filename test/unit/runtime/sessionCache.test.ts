import { describe, expect, it } from 'vitest';
import { SessionCache } from '../../../src/runtime/sessionCache';

function session(name: string, released: string[]) {
  return { name, release: async () => void released.push(name) };
}

describe('SessionCache', () => {
  it('releases the least recently used session when there are too many', async () => {
    const released: string[] = [];
    const cache = new SessionCache<ReturnType<typeof session>>(2, 1000);
    await cache.add('a', session('a', released), 1);
    await cache.add('b', session('b', released), 1);
    cache.get('a');
    await cache.add('c', session('c', released), 1);
    expect(released).toEqual(['b']);
    expect([cache.get('a')?.name, cache.get('b'), cache.get('c')?.name]).toEqual(['a', undefined, 'c']);
  });

  it('releases sessions when they are too large together, but never the newest', async () => {
    const released: string[] = [];
    const cache = new SessionCache<ReturnType<typeof session>>(9, 10);
    await cache.add('a', session('a', released), 4);
    await cache.add('b', session('b', released), 4);
    await cache.add('c', session('c', released), 50);
    expect(released).toEqual(['a', 'b']);
    expect(cache.get('c')?.name).toBe('c');
    await cache.clear();
    expect(released).toEqual(['a', 'b', 'c']);
  });
});
