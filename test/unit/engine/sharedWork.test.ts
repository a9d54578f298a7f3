import { describe, expect, it } from 'vitest';
import { SharedWork, WorkStore } from '../../../src/engine/sharedWork';
import { inSteps } from '../../../src/engine/steps';

/** Work that ends when it is told to, or is stopped. */
function controlled() {
  let finish: (value: string) => void = () => {};
  let fail: (error: Error) => void = () => {};
  let stopped = false;
  const work = (signal: AbortSignal) =>
    new Promise<string>((resolve, reject) => {
      finish = resolve;
      fail = reject;
      signal.addEventListener('abort', () => {
        stopped = true;
        reject(signal.reason);
      });
    });
  return { work, finish: (value: string) => finish(value), fail: (error: Error) => fail(error), isStopped: () => stopped };
}

describe('SharedWork', () => {
  it('goes on while one of two still waits, and tells the other at once that it is cancelled', async () => {
    const { work, finish, isStopped } = controlled();
    const shared = new SharedWork(work);
    const leaving = new AbortController();
    const first = shared.wait(leaving.signal);
    const second = shared.wait();
    leaving.abort();
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    expect(isStopped()).toBe(false);
    finish('done');
    expect(await second).toBe('done');
  });

  it('stops when the last one leaves, and is then of no use', async () => {
    const { work, isStopped } = controlled();
    const shared = new SharedWork(work);
    const leaving = new AbortController();
    const only = shared.wait(leaving.signal);
    leaving.abort();
    await expect(only).rejects.toMatchObject({ name: 'AbortError' });
    expect(isStopped()).toBe(true);
    expect(shared.isOfUse).toBe(false);
  });

  it('does not begin to wait for a request that is cancelled already', async () => {
    const { work, isStopped } = controlled();
    const shared = new SharedWork(work);
    await expect(shared.wait(AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    expect(isStopped()).toBe(false);
  });
});

describe('WorkStore', () => {
  it('does the same work once, another version anew, and what failed again', async () => {
    const store = new WorkStore<string>(2);
    let made = 0;
    const make = async () => `made ${++made}`;
    const ask = (version: string) => store.get({ key: 'a', version, signal: undefined }, make);
    expect([await ask('1'), await ask('1'), await ask('2')]).toEqual(['made 1', 'made 1', 'made 2']);
    const failing = store.get({ key: 'b', signal: undefined }, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await store.get({ key: 'b', signal: undefined }, make)).toBe('made 3');
  });

  it('lets the least recently asked for go', async () => {
    const store = new WorkStore<string>(2);
    let made = 0;
    const ask = (key: string) => store.get({ key, signal: undefined }, async () => `${key}${++made}`);
    await ask('a');
    await ask('b');
    await ask('a');
    await ask('c');
    expect([await ask('a'), await ask('b')]).toEqual(['a1', 'b4']);
  });
});

describe('inSteps', () => {
  it('takes no further step once it is cancelled', async () => {
    let steps = 0;
    const controller = new AbortController();
    function* work(): Generator<number, string, void> {
      for (; steps < 5; steps++) {
        if (steps === 2) controller.abort();
        yield steps;
      }
      return 'done';
    }
    await expect(inSteps(work(), controller.signal)).rejects.toMatchObject({ name: 'AbortError' });
    expect(steps).toBe(2);
    expect(await inSteps(work())).toBe('done');
  });
});
