import { describe, expect, it } from 'vitest';
import { FormatError } from '../../../src/bytes';
import { CANCELLED, type Channel, createClient, isForPeople, type Progress, RemoteError, serve } from '../../../src/protocol';

interface TestApi {
  add(params: { a: number; b: number }): Promise<number>;
  fail(params: { kind: 'format' | 'bug' }): Promise<never>;
  wait(params: Record<string, never>): Promise<string>;
  count(params: { to: number }): Promise<number>;
}

/** Two ends of a channel that clones every message, as postMessage and IPC do. */
function pair(): [Channel, Channel] {
  const handlers: [Set<(message: unknown) => void>, Set<(message: unknown) => void>] = [new Set(), new Set()];
  const end = (mine: 0 | 1, other: 0 | 1): Channel => ({
    send: (message) => {
      const copy = structuredClone(message);
      queueMicrotask(() => {
        for (const handler of handlers[other]) handler(copy);
      });
    },
    listen: (handler) => {
      handlers[mine].add(handler);
      return () => handlers[mine].delete(handler);
    },
  });
  return [end(0, 1), end(1, 0)];
}

function setUp() {
  const [here, there] = pair();
  const stop = serve<TestApi>(there, {
    add: async ({ a, b }) => a + b,
    fail: async ({ kind }) => {
      if (kind === 'format') throw new FormatError('model.onnx is empty.');
      throw new TypeError('x is undefined');
    },
    wait: (_params, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
      }),
    count: async ({ to }, { progress }) => {
      for (let step = 1; step <= to; step++) progress({ stage: 'count', fraction: step / to });
      return to;
    },
  });
  return { client: createClient<TestApi>(here), stop, there };
}

describe('rpc', () => {
  it('answers calls, each with its own result', async () => {
    const { client } = setUp();
    expect(await Promise.all([client.api.add({ a: 1, b: 2 }), client.api.add({ a: 10, b: 20 })])).toEqual([3, 30]);
  });

  it('carries the kind of an error, so that only sentences meant for people are shown', async () => {
    const { client } = setUp();
    const format = await client.api.fail({ kind: 'format' }).catch((error: unknown) => error);
    expect(format).toBeInstanceOf(RemoteError);
    expect(format).toMatchObject({ kind: 'FormatError', message: 'model.onnx is empty.' });
    expect(isForPeople(format)).toBe(true);
    const bug = await client.api.fail({ kind: 'bug' }).catch((error: unknown) => error);
    expect(isForPeople(bug)).toBe(false);
    expect((bug as RemoteError).remoteStack).toContain('TypeError');
  });

  it('cancels at the other end and rejects as cancelled', async () => {
    const { client } = setUp();
    const controller = new AbortController();
    const waiting = client.api.wait({}, { signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ kind: CANCELLED });
    await expect(client.api.wait({}, { signal: controller.signal })).rejects.toMatchObject({ kind: CANCELLED });
  });

  it('reports progress in order before the result', async () => {
    const { client } = setUp();
    const seen: Progress[] = [];
    await client.api.count({ to: 3 }, { onProgress: (progress) => seen.push(progress) });
    expect(seen.map(({ fraction }) => fraction)).toEqual([1 / 3, 2 / 3, 1]);
  });

  it('rejects everything open when the other side is gone', async () => {
    const { client } = setUp();
    const waiting = client.api.wait({});
    client.close(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    await expect(client.api.add({ a: 1, b: 1 })).rejects.toThrow('gone');
  });

  it('ignores messages that are not its own and refuses unknown methods', async () => {
    const { client, there } = setUp();
    there.send({ event: { type: 'changed' } });
    there.send(null);
    there.send('text');
    const api = client.api as unknown as Record<string, (params: unknown) => Promise<unknown>>;
    await expect(api['constructor']?.({})).rejects.toThrow('No such method');
    await expect(api['missing']?.({})).rejects.toThrow('No such method: missing');
    expect(await client.api.add({ a: 2, b: 2 })).toBe(4);
  });
});

it('ends a request whose answer the channel does not take, in one sentence, and serves the next', async () => {
  const [here, there] = pair();
  const narrow: Channel = {
    ...there,
    send: (message) => {
      if (JSON.stringify(message).length > 1000) throw new RangeError('Array buffer allocation failed');
      there.send(message);
    },
  };
  serve<{ text(params: { length: number }): Promise<string> }>(narrow, { text: async ({ length }) => 'x'.repeat(length) });
  const { api } = createClient<{ text(params: { length: number }): Promise<string> }>(here);
  await expect(api.text({ length: 2000 })).rejects.toMatchObject({
    kind: 'LimitError',
    message: 'The answer is too large to be handed over (Array buffer allocation failed); the model holds too much text.',
  });
  expect(await api.text({ length: 3 })).toBe('xxx');
});
