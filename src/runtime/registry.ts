import { UserError } from '../bytes';
import type { Artifact } from '../model';
import { OnnxRuntime } from './onnxRuntime';
import type { Profiler } from './profiler';
import type { Runtime, RuntimeProvider } from './runtime';

/** Where a model runs. */
export type Place = { readonly kind: 'machine' } | { readonly kind: 'server'; readonly url: string };

/** The machine that the engine runs on. */
export const THIS_MACHINE: Place = { kind: 'machine' };

/** One kind of engine that runs models; a folder or file each, and a line in `RUNTIMES`. */
export interface RuntimeKind {
  readonly id: string;
  /** What it runs, as `Only ... can be run` says it. */
  readonly models: string;
  /** Where it runs them. */
  readonly place: Place['kind'];
  readonly accepts: (artifact: Artifact) => boolean;
  /** Called once for each place, when a model is first run there. */
  readonly make: (place: Place) => Runtime;
}

const onnxRuntime: RuntimeKind = {
  id: 'onnxruntime',
  models: 'ONNX models',
  place: 'machine',
  accepts: ({ format }) => format === 'onnx',
  make: () => new OnnxRuntime(),
};

/** The first that accepts a model runs it. */
const RUNTIMES: readonly RuntimeKind[] = [onnxRuntime];

/** The engines that run models, each made when it is first needed. */
export class Runtimes {
  private readonly made = new Map<string, Runtime>();

  constructor(private readonly kinds = RUNTIMES) {}

  /** The engine for a model at a place. @throws UserError where there is none, with what can be run there. */
  choose(artifact: Artifact, name: string, place: Place = THIS_MACHINE): Runtime {
    const here = this.at(place.kind);
    const found = here.find((kind) => kind.accepts(artifact));
    if (found) return this.get(found, place);
    const where = place.kind === 'machine' ? '' : ` on ${place.url}`;
    const known = here.map(({ models }) => models).join(' and ');
    const only = known === '' ? 'Nothing can be run there' : `Only ${known} can be`;
    throw new UserError(`${name} is a ${artifact.format} file, which cannot be run${where}. ${only}.`);
  }

  /** The engine's clock. @throws UserError where there is no engine, or it cannot tell where the time goes. */
  profiler(artifact: Artifact, name: string, place: Place = THIS_MACHINE): Profiler {
    const { profiler } = this.choose(artifact, name, place);
    if (!profiler) throw new UserError(`${name} can be run but not measured: what runs it does not tell where the time goes.`);
    return profiler;
  }

  /** Of every engine of this machine, in the order of the registry. */
  async providers(): Promise<readonly RuntimeProvider[]> {
    const lists = await Promise.all(this.at('machine').map((kind) => this.get(kind, THIS_MACHINE).providers()));
    return lists.flat();
  }

  /** Releases every session of every engine. */
  async dispose(): Promise<void> {
    await Promise.all([...this.made.values()].map((runtime) => runtime.dispose()));
  }

  private at(place: Place['kind']): readonly RuntimeKind[] {
    return this.kinds.filter((kind) => kind.place === place);
  }

  private get(kind: RuntimeKind, place: Place): Runtime {
    const key = `${kind.id} ${place.kind === 'machine' ? '' : place.url}`;
    const known = this.made.get(key);
    if (known) return known;
    const runtime = kind.make(place);
    this.made.set(key, runtime);
    return runtime;
  }
}
