import { describe, expect, it } from 'vitest';
import type { Artifact } from '../../../src/model';
import { type Place, type RuntimeKind, Runtimes } from '../../../src/runtime/registry';
import type { Runtime } from '../../../src/runtime/runtime';

const checkpoint = {
  format: 'safetensors',
  formatVersion: '',
  metadata: {},
  tensors: [],
  externalFiles: [],
  findings: [],
} satisfies Artifact;
const artifact = (format: string): Artifact => ({ ...checkpoint, format });
const SERVER: Place = { kind: 'server', url: 'http://127.0.0.1:9/v2' };

/** A kind that counts what it makes, whose engines offer a provider of its name. */
function kindOf(id: string, place: Place['kind'], formats: readonly string[]): RuntimeKind & { readonly made: Place[]; disposed: number } {
  const kind = {
    id,
    models: `${formats.join(' and ')} models`,
    place,
    made: [] as Place[],
    disposed: 0,
    accepts: ({ format }: Artifact) => formats.includes(format),
    make: (at: Place): Runtime => {
      kind.made.push(at);
      return {
        profiler: null,
        providers: async () => [{ name: id, bundled: true }],
        run: () => Promise.reject(new Error('not needed')),
        dispose: async () => void kind.disposed++,
      };
    },
  };
  return kind;
}

describe('what runs a model', () => {
  it('is the first kind at its place that accepts it, made once', async () => {
    const [first, second, far] = [kindOf('a', 'machine', ['x']), kindOf('b', 'machine', ['x', 'y']), kindOf('c', 'server', ['x'])];
    const runtimes = new Runtimes([first, second, far]);
    const chosen = runtimes.choose(artifact('x'), 'm.x');
    expect(runtimes.choose(artifact('x'), 'other.x')).toBe(chosen);
    expect(runtimes.choose(artifact('y'), 'm.y')).not.toBe(chosen);
    expect([first.made, second.made, far.made]).toEqual([[{ kind: 'machine' }], [{ kind: 'machine' }], []]);
    runtimes.choose(artifact('x'), 'm.x', SERVER);
    expect(far.made).toEqual([SERVER]);
    await runtimes.dispose();
    expect([first.disposed, second.disposed, far.disposed]).toEqual([1, 1, 1]);
  });

  it('offers the providers of this machine, in order', async () => {
    const runtimes = new Runtimes([kindOf('a', 'machine', []), kindOf('c', 'server', []), kindOf('b', 'machine', [])]);
    expect((await runtimes.providers()).map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('is named in one sentence where there is none', () => {
    const runtimes = new Runtimes([kindOf('a', 'machine', ['x']), kindOf('b', 'machine', ['y'])]);
    const refusal = 'm.z is a z file, which cannot be run. Only x models and y models can be.';
    expect(() => runtimes.choose(artifact('z'), 'm.z')).toThrow(refusal);
    expect(() => runtimes.choose(artifact('x'), 'm.x', SERVER)).toThrow(
      'm.x is a x file, which cannot be run on http://127.0.0.1:9/v2. Nothing can be run there.',
    );
  });

  it('without a clock says that it cannot measure', () => {
    const runtimes = new Runtimes([kindOf('a', 'machine', ['x'])]);
    expect(() => runtimes.profiler(artifact('x'), 'm.x')).toThrow(
      'm.x can be run but not measured: what runs it does not tell where the time goes.',
    );
  });

  it('is ONNX Runtime for ONNX alone', () => {
    const runtimes = new Runtimes();
    expect(runtimes.profiler(artifact('onnx'), 'm.onnx')).toBe(runtimes.choose(artifact('onnx'), 'm.onnx'));
    expect(() => runtimes.choose(checkpoint, 'w.safetensors')).toThrow(
      'w.safetensors is a safetensors file, which cannot be run. Only ONNX models can be.',
    );
  });
});
