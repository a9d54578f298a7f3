import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineProcess } from '../../../src/engine/process';
import { CANCELLED } from '../../../src/protocol';

/** An engine that answers `providers` and misbehaves on request, speaking the real wire format. */
const SCRIPT = `
process.on('message', ({ rpc, id, method, params }) => {
  if (rpc !== 'call') return;
  if (method === 'providers') process.send({ rpc: 'ok', id, value: [{ name: 'cpu', bundled: true, pid: process.pid }] });
  if (method === 'close') process.abort();
  if (method === 'tensors') for (;;) {}
  if (method === 'seenImage') {
    require('fs').writeFileSync(require('os').tmpdir() + '/trace', 'x');
    process.send({ rpc: 'ok', id, value: new TextEncoder().encode(require('os').tmpdir()) });
  }
  if (method === 'imagePreview') process.send({ rpc: 'ok', id, value: new Uint8Array([1, 2, 3]) });
});
process.on('disconnect', () => process.exit());
`;

describe('EngineProcess', () => {
  let folder = '';
  let engine: EngineProcess;
  let crashes: string[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'engine-'));
    const module = join(folder, 'engine.cjs');
    writeFileSync(module, SCRIPT);
    crashes = [];
    engine = new EngineProcess({ module, log: () => {}, onCrash: (reason) => crashes.push(reason) });
  });
  afterEach(() => {
    engine.dispose();
    rmSync(folder, { recursive: true });
  });

  it('starts with the first request, not before', async () => {
    expect(engine.pid).toBeUndefined();
    await engine.api.providers({});
    expect(engine.pid).toBeTypeOf('number');
  });

  it('carries typed arrays as such', async () => {
    expect(await engine.api.imagePreview({ run: 'r', limit: 1 })).toEqual(new Uint8Array([1, 2, 3]));
  });

  it('rejects what was open when the process dies, says so, and works again', async () => {
    await engine.api.providers({});
    const first = engine.pid;
    await expect(engine.api.close({ handle: 'h' })).rejects.toThrow(/stopped unexpectedly \(signal SIGABRT\)/);
    expect(crashes).toHaveLength(1);
    await engine.api.providers({});
    expect(engine.pid).not.toBe(first);
  });

  it('ends a process whose cancelled request does not stop, and asks again what else was open', async () => {
    const controller = new AbortController();
    const stuck = engine.api.tensors({ handle: 'h', from: 0 }, { signal: controller.signal });
    const bystander = engine.api.imagePreview({ run: 'r', limit: 1 });
    controller.abort();
    await expect(stuck).rejects.toMatchObject({ kind: CANCELLED });
    expect(await bystander).toEqual(new Uint8Array([1, 2, 3]));
    expect(crashes).toEqual([]);
    expect(await engine.api.providers({})).toHaveLength(1);
  });

  it('stays down after crashing again and again, until asked to restart', async () => {
    for (let crash = 0; crash < 5; crash++) await expect(engine.api.close({ handle: 'h' })).rejects.toThrow();
    await expect(engine.api.providers({})).rejects.toThrow(/several times in a row/);
    engine.restart();
    expect(await engine.api.providers({})).toHaveLength(1);
  });

  it('leaves no temporary file of the process behind, however it ends', async () => {
    const temporary = async () => new TextDecoder().decode(await engine.api.seenImage({ run: 'r' }));
    const crashed = await temporary();
    expect(existsSync(join(crashed, 'trace'))).toBe(true);
    await expect(engine.api.close({ handle: 'h' })).rejects.toThrow();
    await expect.poll(() => existsSync(crashed)).toBe(false);
    const restarted = await temporary();
    expect(restarted).not.toBe(crashed);
    engine.restart();
    await expect.poll(() => existsSync(restarted)).toBe(false);
    const last = await temporary();
    engine.dispose();
    await expect.poll(() => existsSync(last)).toBe(false);
  });

  it('starts nothing once it was disposed: every request is refused with a sentence', async () => {
    await engine.api.providers({});
    const open = engine.api.tensors({ handle: 'h', from: 0 });
    engine.dispose();
    for (const request of [open, engine.api.providers({}), engine.api.closeRun({ run: 'r' })]) {
      await expect(request).rejects.toMatchObject({
        kind: 'UserError',
        message: expect.stringMatching(/^The engine was stopped\.[^\n]*\.$/),
      });
    }
    engine.restart();
    await expect(engine.api.providers({})).rejects.toThrow(/was stopped/);
    expect(engine.pid).toBeUndefined();
    expect(crashes).toEqual([]);
  });
});
