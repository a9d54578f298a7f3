import { existsSync } from 'node:fs';
import { UserError } from '../bytes';

/** Execution providers of ONNX Runtime that this product knows how to ask for. */
export const PROVIDERS = ['cpu', 'webgpu', 'cuda', 'tensorrt', 'dml', 'coreml'] as const;
/** A name that `providerOrder` understands. */
export type Provider = (typeof PROVIDERS)[number];

/** What of the machine decides which providers are worth trying. */
export interface Machine {
  readonly platform: string;
  /** A GPU that WebGPU could find. */
  readonly gpu: boolean;
  readonly nvidia: boolean;
  /** Names that this build of ONNX Runtime carries, CUDA's libraries included when they lie beside it. */
  readonly bundled: ReadonlySet<string>;
}

/** What is tried, and what could have been. */
export interface ProviderOrder {
  /** Always ends in `cpu`. */
  readonly order: readonly Provider[];
  /** Why the machine's best provider is not in `order`; `''` when it is. */
  readonly note: string;
}

const GPU_PROVIDERS: Readonly<Record<string, readonly Provider[]>> = {
  linux: ['cuda', 'webgpu'],
  win32: ['dml', 'webgpu'],
  darwin: ['coreml', 'webgpu'],
};

/**
 * Which providers to try, in order. The wish is `auto`, a provider's name, or
 * several separated by commas. `auto` leaves out what the machine surely cannot
 * do; a named one is tried even so, and the CPU stands behind all of them.
 * @throws UserError for a name that is no provider.
 */
export function providerOrder(wish: string, machine: Machine): ProviderOrder {
  const order = new Set<Provider>();
  let note = '';
  for (const name of wish.split(',').map((part) => part.trim())) {
    if (name === 'auto') {
      for (const provider of likely(machine)) order.add(provider);
      note = missingCuda(machine);
      continue;
    }
    const provider = PROVIDERS.find((known) => known === name);
    if (!provider) throw new UserError(`There is no execution provider "${name}". Choose auto or one of ${PROVIDERS.join(', ')}.`);
    order.add(provider);
  }
  // Nothing is tried after the CPU: what fails there is the model's fault.
  const tried = [...order.add('cpu')];
  return { order: tried.slice(0, tried.indexOf('cpu') + 1), note };
}

function likely(machine: Machine): readonly Provider[] {
  return (GPU_PROVIDERS[machine.platform] ?? []).filter(
    (name) => machine.bundled.has(name) && (name === 'cuda' ? machine.nvidia : machine.gpu),
  );
}

function missingCuda({ platform, nvidia, bundled }: Machine): string {
  return platform === 'linux' && nvidia && !bundled.has('cuda')
    ? 'cuda: ONNX Runtime was installed without its CUDA libraries, so the NVIDIA GPU is not used through CUDA.'
    : '';
}

/** On Linux a GPU shows as a render node; elsewhere only trying tells. Vulkan drivers named in the environment count. */
export function hasGpu(platform: string, environment: Readonly<Record<string, string | undefined>>): boolean {
  if (platform !== 'linux') return true;
  if (environment['VK_ICD_FILENAMES'] || environment['VK_DRIVER_FILES']) return true;
  return ['/dev/dri/renderD128', '/dev/nvidia0', '/dev/dxg'].some((path) => existsSync(path));
}

/** True where the NVIDIA driver is loaded; other systems than Linux do not tell. */
export function hasNvidia(platform: string): boolean {
  return platform === 'linux' && (existsSync('/dev/nvidia0') || existsSync('/proc/driver/nvidia/version'));
}
