import { expect, it } from 'vitest';
import {
  bytes,
  EMPTY_DICT,
  EMPTY_TUPLE,
  get,
  global,
  int,
  MARK,
  NONE,
  proto,
  put,
  REDUCE,
  STOP,
  TUPLE1,
  text,
} from '../../../fixtures/pickle';
import { zip } from '../../../fixtures/zip';
import { openBytes, valuesOf } from './support';

/** A state dict of one tensor of float32, as `torch.save` writes it, in a storage of 16 bytes. */
function archive({
  key = '0',
  elements = 4,
  offset = 0,
  size = 4,
  stride = 1,
}: Partial<Record<'elements' | 'offset' | 'size' | 'stride', number>> & { key?: string }) {
  const storage = bytes(MARK, text('storage'), global('torch', 'FloatStorage'), text(key), text('cpu'), int(elements), 't', 'Q');
  const tensor = bytes(
    global('torch._utils', '_rebuild_tensor_v2'),
    MARK,
    storage,
    int(offset),
    int(size),
    TUPLE1,
    int(stride),
    TUPLE1,
    0x89,
    global('collections', 'OrderedDict'),
    EMPTY_TUPLE,
    REDUCE,
    't',
    REDUCE,
  );
  const pickle = bytes(proto(2), EMPTY_DICT, text('w'), tensor, 's', text('epoch'), int(3), 's', STOP);
  return zip([
    { name: 'a/data.pkl', data: pickle },
    { name: 'a/data/0', data: new Uint8Array(new Float32Array([1, 2, 3, 4]).buffer) },
  ]);
}

it('a tensor within its storage has its values', async () => {
  const file = archive({ offset: 1, size: 2, stride: 2 });
  const { tensors, metadata } = await openBytes(file, 'a.pt');
  expect(metadata).toEqual({ epoch: '3' });
  expect(await Promise.all(tensors.map((tensor) => valuesOf(tensor, file)))).toEqual([[2, 4]]);
});

it.each([
  ['passes the end of its storage', archive({ size: 5 }), /a view of 5 elements from 0 on passes the end of its storage, which has 4/],
  ['begins behind it', archive({ offset: 2 ** 31 - 1 }), /passes the end/],
  [
    'says that its storage is longer than the entry',
    archive({ elements: 9, size: 9 }),
    /The entry "a\/data\/0" holds 16 bytes, and 36 are needed/,
  ],
  ['is in a storage that is not there', archive({ key: '7' }), /The file has no entry "data\/7"/],
  ['names a storage outside of the archive', archive({ key: '../../etc/passwd' }), /The file has no entry "data\/\.\.\/\.\.\/etc\/passwd"/],
])('a tensor that %s says so, and the rest opens', async (_, file, message) => {
  const { tensors, metadata, findings } = await openBytes(file, 'a.pt');
  expect(metadata).toEqual({ epoch: '3' });
  expect(findings).toMatchObject([{ code: 'tensor-missing', message: expect.stringMatching(message) }]);
  const [tensor] = tensors;
  if (tensor) await expect(valuesOf(tensor, file)).rejects.toThrow(message);
});

it('a tensor of a negative extent or stride is said to be damaged, and the rest opens', async () => {
  for (const file of [archive({ size: 2 ** 32 - 1 }), archive({ stride: 2 ** 32 - 1 })]) {
    const { tensors, metadata, findings } = await openBytes(file, 'a.pt');
    expect([tensors, metadata]).toEqual([[], { epoch: '3' }]);
    expect(findings).toMatchObject([
      { code: 'tensor-damaged', message: expect.stringMatching(/^"w" is a tensor whose storage, sizes or strides/) },
    ]);
  }
});

it('values that hold themselves, and one at more places than can be counted, end soon', async () => {
  const cycle = bytes(proto(2), EMPTY_DICT, put(1), text('self'), get(1), 's', STOP);
  expect((await openBytes(zip([{ name: 'a/data.pkl', data: cycle }]), 'a.pt')).tensors).toEqual([]);
  const laughs = bytes(
    proto(2),
    EMPTY_DICT,
    text('a'),
    NONE,
    's',
    ...Array.from({ length: 40 }, () => [put(1), EMPTY_DICT, text('a'), get(1), 's', text('b'), get(1), 's']).flat(),
    STOP,
  );
  const spent = process.cpuUsage();
  const { findings } = await openBytes(zip([{ name: 'a/data.pkl', data: laughs }]), 'a.pt');
  expect(findings.map(({ code }) => code)).toContain('checkpoint-values');
  expect(process.cpuUsage(spent).user / 1e6).toBeLessThan(20);
});
