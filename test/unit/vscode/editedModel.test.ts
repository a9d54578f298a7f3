import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/bytes';
import { createEngine } from '../../../src/engine/engine';
import { needsModel } from '../../../src/engine/needsModel';
import { type Channel, type Client, createClient, type EngineApi, serve } from '../../../src/protocol';
import { EditedModel } from '../../../src/vscode/editedModel';
import { model, node, value } from '../../fixtures/onnx';

/** An engine behind the wire that can be replaced by a new one, as after a crash, and what was asked of it. */
class RestartableEngine {
  readonly asked: string[] = [];
  readonly api: Client<EngineApi>;
  private current = connect();

  constructor() {
    const ask = (method: keyof EngineApi) => (params: never, options: never) => {
      this.asked.push(method);
      return this.current[method](params, options);
    };
    this.api = new Proxy({} as Client<EngineApi>, { get: (_, method) => ask(method as keyof EngineApi) });
  }

  restart(): void {
    this.current = connect();
  }
}

function connect(): Client<EngineApi> {
  const ends: ((message: unknown) => void)[] = [];
  const end = (mine: number): Channel => ({
    send: (message) => void queueMicrotask(() => ends[1 - mine]?.(structuredClone(message))),
    listen: (handler) => {
      ends[mine] = handler;
      return () => {};
    },
  });
  serve<EngineApi>(end(0), createEngine());
  return createClient<EngineApi>(end(1)).api;
}

const bytes = model({
  nodes: [node('Relu', ['x'], ['y'])],
  inputs: [value('x', 'float32', ['n', 4])],
  outputs: [value('y', 'float32', ['n', 4])],
});
const file = async () => ({ kind: 'bytes', name: 'relu.onnx', bytes }) as const;

describe('a model that an editor shows', () => {
  const shapeOf = (edited: EditedModel, engine: RestartableEngine) =>
    edited.ask(async (handle) => (await engine.api.details({ handle, node: 'n0' })).outputs[0]?.shape);

  it('is opened once for many questions, and anew for other sizes', async () => {
    const engine = new RestartableEngine();
    const edited = new EditedModel(engine.api, file);
    await edited.open({ bindings: { n: 2 }, groups: [] }, {});
    expect([await shapeOf(edited, engine), await shapeOf(edited, engine)]).toEqual(['[2, 4]', '[2, 4]']);
    await edited.open({ bindings: { n: 3 }, groups: [] }, {});
    expect(await shapeOf(edited, engine)).toBe('[3, 4]');
    expect(engine.asked.filter((method) => method === 'show')).toHaveLength(2);
    expect(engine.asked.filter((method) => method === 'close')).toHaveLength(1);
  });

  it('is opened again at the same sizes after the engine was restarted, once for all that ask', async () => {
    const engine = new RestartableEngine();
    const edited = new EditedModel(engine.api, file);
    await edited.open({ bindings: { n: 7 }, groups: [] }, {});
    engine.restart();
    expect(await Promise.all([shapeOf(edited, engine), shapeOf(edited, engine)])).toEqual(['[7, 4]', '[7, 4]']);
    expect(engine.asked.filter((method) => method === 'show')).toHaveLength(2);
  });

  it('is opened by the first question where it failed to open before', async () => {
    const engine = new RestartableEngine();
    let readable = false;
    const edited = new EditedModel(engine.api, async () => {
      if (!readable) throw new UserError('relu.onnx was not copied.');
      return file();
    });
    await expect(edited.open({ bindings: { n: 2 }, groups: [] }, {})).rejects.toThrow('relu.onnx was not copied.');
    readable = true;
    expect(await shapeOf(edited, engine)).toBe('[2, 4]');
  });

  it('passes every other failure on, without asking twice', async () => {
    const engine = new RestartableEngine();
    const edited = new EditedModel(engine.api, file);
    await edited.open({ bindings: {}, groups: [] }, {});
    await expect(edited.ask((handle) => engine.api.statistics({ handle, tensor: 'w' }))).rejects.toThrow('relu.onnx has no tensor w.');
    expect(engine.asked).toEqual(['show', 'statistics']);
  });

  it('is begun before its page asks, and asked for once by both', async () => {
    const engine = new RestartableEngine();
    const edited = new EditedModel(engine.api, file);
    const begun = edited.begin();
    const { overview } = needsModel(await edited.open({ bindings: {}, groups: [] }, {}));
    await begun;
    expect(overview.lengths).toEqual({ nodes: 1, blocks: 0 });
    expect(engine.asked).toEqual(['prepare', 'show']);
  });

  it('is not begun where asking for its file may ask the person', async () => {
    const engine = new RestartableEngine();
    const asked: string[] = [];
    const edited = new EditedModel(
      engine.api,
      async () => {
        asked.push('file');
        return file();
      },
      false,
    );
    await edited.begin();
    expect([asked, engine.asked]).toEqual([[], []]);
  });

  it('tells a failure only to the page, which asked', async () => {
    const engine = new RestartableEngine();
    const edited = new EditedModel(engine.api, async () => ({ kind: 'bytes', name: 'no.onnx', bytes: new Uint8Array(0) }));
    await expect(edited.begin()).resolves.toBeUndefined();
    await expect(edited.open({ bindings: {}, groups: [] }, {})).rejects.toThrow('no.onnx is empty.');
  });
});
