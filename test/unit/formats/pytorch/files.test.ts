import { describe, expect, it } from 'vitest';
import { BufferSource } from '../../../../src/bytes';
import { readTensor } from '../../../../src/formats/tensorValues';
import { bytesOf, dtypeName, EXPECTED, openBytes, valuesOf } from './support';

const FILES = Object.keys(EXPECTED).filter((name) => name.includes('.'));

describe.each(FILES)('%s, as PyTorch wrote it', (name) => {
  const bytes = bytesOf(name);
  const wanted = EXPECTED[name]?.tensors ?? {};

  it('has the tensors that PyTorch reads from it, with their types, shapes and roles', async () => {
    const { tensors, findings } = await openBytes(bytes, name);
    const found = Object.fromEntries(tensors.map(({ name, dtype, shape }) => [name, [dtype, shape]]));
    const packed = (dtype: string, shape: readonly number[]) =>
      dtype === 'float4_e2m1fn_x2' ? shape.map((extent, axis) => (axis === shape.length - 1 ? 2 * extent : extent)) : shape;
    expect(found).toMatchObject(
      Object.fromEntries(Object.entries(wanted).map(([key, { dtype, shape }]) => [key, [dtypeName(dtype), packed(dtype, shape)]])),
    );
    // A module of the user's own is listed where PyTorch's own walk does not go.
    expect(Object.keys(found).filter((key) => !(key in wanted) && !key.startsWith('config.'))).toEqual([]);
    expect(findings.filter(({ code }) => code !== 'tensor-missing')).toEqual([]);
    for (const tensor of tensors) {
      const expected = wanted[tensor.name];
      if (expected?.role) expect([tensor.name, tensor.role]).toEqual([tensor.name, expected.role]);
      if (expected?.trainable !== undefined && tensor.role === 'parameter') expect(tensor.trainable).toBe(expected.trainable);
    }
  });

  it('has the values that PyTorch reads', async () => {
    for (const tensor of (await openBytes(bytes, name)).tensors) {
      const expected = wanted[tensor.name];
      if (expected?.values === null) {
        await expect(valuesOf(tensor, bytes)).rejects.toThrow(/meta device/);
      } else if (expected?.bytes) {
        // Two elements of four bits in each byte, the lower first: 0, 0.5, 1, 1.5, 2, 3, 4, 6 and their negatives.
        const codes = [0, 0.5, 1, 1.5, 2, 3, 4, 6, -0, -0.5, -1, -1.5, -2, -3, -4, -6];
        expect(await valuesOf(tensor, bytes)).toEqual(expected.bytes.flatMap((byte) => [codes[byte & 15], codes[byte >> 4]]));
      } else if (expected) {
        expect([tensor.name, await valuesOf(tensor, bytes)]).toEqual([tensor.name, (expected.values ?? []).map(Number)]);
      }
    }
  });

  it('says what weights_only makes of it', async () => {
    const { trust } = await openBytes(bytes, name);
    expect([trust?.weightsOnly?.loads, trust?.weightsOnly?.reason]).toEqual([EXPECTED[name]?.weightsOnly, expect.any(String)]);
    const globals = EXPECTED[name]?.globals;
    if (globals && trust?.weightsOnly && trust.weightsOnly.safeGlobals.length > 0) {
      for (const needed of globals) expect(trust.weightsOnly.safeGlobals).toContain(needed);
    }
    expect(trust?.verdict).toBe(name === 'custom.pt' ? 'unknown' : 'safe');
  });

  it('survives a structured clone', async () => {
    const checkpoint = await openBytes(bytes, name);
    expect(structuredClone(checkpoint)).toEqual(checkpoint);
  });
});

describe('a training checkpoint', () => {
  it('lists what lies beside the tensors as text, by path', async () => {
    const { metadata } = await openBytes(bytesOf('training.pth'), 'training.pth');
    expect(metadata).toMatchObject({
      epoch: '3',
      'args.lr': '0.001',
      'args.size': '[8, 8]',
      'args.resume': 'None',
      'args.amp': 'True',
      'optimizer.param_groups.0.betas': '(0.9, 0.999)',
      'lr_scheduler.T_max': '10',
    });
    const lightning = (await openBytes(bytesOf('lightning.ckpt'), 'lightning.ckpt')).metadata;
    expect(lightning).toMatchObject({
      'hyper_parameters.width': '4',
      'hyper_parameters.device': 'torch.device(cpu)',
      'hyper_parameters.dtype': '<torch.float16>',
      'pytorch-lightning_version': '2.5.0',
    });
  });
});

describe('a saved module', () => {
  it.each(['module.pt', 'legacy_module.pth'])('%s names its modules, their classes and their settings', async (name) => {
    const { modules, tensors } = await openBytes(bytesOf(name), name);
    const byName = new Map(modules?.map((module) => [module.name, module]));
    expect(byName.get('')?.type).toBe('torch.nn.modules.container.Sequential');
    expect(byName.get('0')).toMatchObject({
      type: 'torch.nn.modules.conv.Conv2d',
      attributes: { in_channels: '3', out_channels: '4', kernel_size: '(3, 3)', groups: '1' },
    });
    expect(byName.get('2.attn.out_proj')?.type).toBe('torch.nn.modules.linear.NonDynamicallyQuantizableLinear');
    expect(tensors.find((tensor) => tensor.name === '1.running_mean')?.role).toBe('buffer');
  });
});

describe('tensors that share a storage', () => {
  it('are tied where their elements overlap, and not where they only lie in one buffer', async () => {
    const { tensors } = await openBytes(bytesOf('views.pt'), 'views.pt');
    const tie = new Map(tensors.map(({ name, tied }) => [name, tied]));
    expect(tie.get('embedding.weight')).toBeDefined();
    expect(tie.get('embedding.weight')).toBe(tie.get('head.weight'));
    expect(tie.get('column')).toBe(tie.get('whole'));
    expect([tie.get('alone'), tie.get('scalar'), tie.get('empty')]).toEqual([undefined, undefined, undefined]);
  });
});

describe('quantised tensors', () => {
  it('say what their integers stand for', async () => {
    const bytes = bytesOf('quantized.pt');
    const { tensors } = await openBytes(bytes, 'quantized.pt');
    for (const tensor of tensors) {
      const wanted = EXPECTED['quantized.pt']?.tensors[tensor.name]?.quantization;
      if (tensor.quantization?.per === 'channel') {
        const { scales, zeroPoints } = tensor.quantization;
        const files = { model: new BufferSource(bytes) };
        expect([...(await readTensor(scales, files)).values]).toEqual(wanted?.scales);
        expect(Array.from((await readTensor(zeroPoints, files)).values, Number)).toEqual(wanted?.zeroPoints);
      } else expect(tensor.quantization).toEqual(wanted);
    }
  });
});

it('a checkpoint with a class of the user says which, where, and what would allow it', async () => {
  const { trust, metadata } = await openBytes(bytesOf('custom.pt'), 'custom.pt');
  expect(trust).toMatchObject({
    verdict: 'unknown',
    weightsOnly: { loads: false, safeGlobals: ['my_project.config.Config'] },
  });
  expect(trust?.imports[0]).toMatchObject({
    name: 'my_project.config.Config',
    verdict: 'unknown',
    where: expect.stringMatching(/^custom\/data\.pkl, byte \d+, instantiated$/),
  });
  expect(metadata).toMatchObject({ 'config.width': '4', 'counts.a': '2' });
});
