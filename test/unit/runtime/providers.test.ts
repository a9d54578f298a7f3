import { describe, expect, it } from 'vitest';
import { hasGpu, type Machine, providerOrder } from '../../../src/runtime/providers';

const LINUX: Machine = { platform: 'linux', gpu: false, nvidia: false, bundled: new Set(['cpu', 'webgpu']) };

describe('providerOrder', () => {
  it.each([
    ['a server without a GPU', LINUX, ['cpu']],
    ['Linux with a GPU', { ...LINUX, gpu: true }, ['webgpu', 'cpu']],
    [
      'Linux with CUDA installed',
      { ...LINUX, gpu: true, nvidia: true, bundled: new Set(['cpu', 'webgpu', 'cuda']) },
      ['cuda', 'webgpu', 'cpu'],
    ],
    ['CUDA libraries without an NVIDIA GPU', { ...LINUX, bundled: new Set(['cpu', 'cuda']) }, ['cpu']],
    ['Windows', { ...LINUX, platform: 'win32', gpu: true, bundled: new Set(['cpu', 'webgpu', 'dml']) }, ['dml', 'webgpu', 'cpu']],
    ['macOS', { ...LINUX, platform: 'darwin', gpu: true, bundled: new Set(['cpu', 'webgpu', 'coreml']) }, ['coreml', 'webgpu', 'cpu']],
  ] as const)('auto on %s', (_name, machine, order) => {
    expect(providerOrder('auto', machine)).toEqual({ order, note: '' });
  });

  it('says that an NVIDIA GPU is there but CUDA is not installed', () => {
    const { order, note } = providerOrder('auto', { ...LINUX, gpu: true, nvidia: true });
    expect(order).toEqual(['webgpu', 'cpu']);
    expect(note).toMatch(/^cuda: ONNX Runtime was installed without its CUDA libraries/);
  });

  it('a wish is tried first, the CPU behind it', () => {
    expect(providerOrder('cuda', LINUX).order).toEqual(['cuda', 'cpu']);
    expect(providerOrder('cpu', LINUX).order).toEqual(['cpu']);
    expect(providerOrder('cuda, webgpu', LINUX).order).toEqual(['cuda', 'webgpu', 'cpu']);
    expect(providerOrder('tensorrt,auto', { ...LINUX, gpu: true }).order).toEqual(['tensorrt', 'webgpu', 'cpu']);
    expect(providerOrder('cpu,webgpu', LINUX).order).toEqual(['cpu']);
    expect(() => providerOrder('tpu', LINUX)).toThrow(/Choose auto or one of cpu, webgpu, cuda/);
  });
});

it('a Vulkan driver named in the environment counts as a GPU', () => {
  expect(hasGpu('linux', { VK_ICD_FILENAMES: '/some/driver.json' })).toBe(true);
  expect(hasGpu('win32', {})).toBe(true);
});
