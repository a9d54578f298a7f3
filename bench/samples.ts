/** What a click on each sample costs in the engine: read, analysed and folded in a fresh engine, then again from its cache. */
import { createEngine } from '../src/engine/engine';

const context = { signal: new AbortController().signal, progress: () => {} };

async function time(work: () => Promise<unknown>): Promise<string> {
  const start = performance.now();
  await work();
  return `${(performance.now() - start).toFixed(0)} ms`;
}

async function main(): Promise<void> {
  for (const name of ['conv', 'vit', 'hybrid']) {
    const engine = createEngine();
    const model = { kind: 'file', path: `samples/${name}.onnx` } as const;
    const open = async () => {
      const { handle } = await engine.open({ model }, context);
      await engine.graph({ handle, group: '' }, context);
    };
    console.log(`${name}.onnx: first ${await time(open)}, again ${await time(open)}`);
  }
}

void main();
