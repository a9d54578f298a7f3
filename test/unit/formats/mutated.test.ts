import { describe, expect, it } from 'vitest';
import { BufferSource, FormatError, LimitError, UserError } from '../../../src/bytes';
import { statistics } from '../../../src/formats/tensorValues';
import { expected, fixture, openCheckpoint } from './checkpoints';
import { between, randomFrom } from './random';
import { concat, siblings } from './support';

const arrays = expected<Readonly<Record<string, { readonly file: string }>>>('arrays.json');
const array = (name: string) => new Uint8Array(Buffer.from(arrays[name]?.file ?? '', 'base64'));
const FOLDER = 'hub/sharded/';
const SHARDS = ['model-00001-of-00003.safetensors', 'model-00002-of-00003.safetensors', 'model-00003-of-00003.safetensors'];
const beside = siblings(
  Object.fromEntries([...SHARDS, 'config.json', 'model.safetensors.index.json'].map((name) => [name, fixture(FOLDER + name)])),
);

/** Values that readers of numbers trip over. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0x22, 0x7b, 0x5b];

/** A few bytes changed, a piece cut out, doubled or moved: mostly in the first kilobytes, where headers are. */
function mutate(bytes: Uint8Array, random: () => number): Uint8Array {
  let changed: Uint8Array = new Uint8Array(bytes);
  const place = () => between(random, 0, (random() < 0.7 ? Math.min(changed.length, 2000) : changed.length) - 1);
  for (let change = between(random, 1, 5); change > 0 && changed.length > 1; change -= 1) {
    const at = place();
    const kind = random();
    if (kind < 0.6) changed[at] = random() < 0.5 ? between(random, 0, 255) : (EDGES[between(random, 0, EDGES.length - 1)] ?? 0);
    else if (kind < 0.7) changed.fill(0xff, at, at + 8);
    else if (kind < 0.8) changed = changed.slice(0, at + 1);
    else if (kind < 0.9) changed = concat(changed.subarray(0, at), changed.subarray(Math.min(changed.length, at + between(random, 1, 9))));
    else changed = concat(changed.subarray(0, at), changed.subarray(Math.max(0, at - 20), at), changed.subarray(at));
  }
  return changed;
}

describe.each<readonly [string, Uint8Array, number]>([
  ['blocks.gguf', fixture('blocks.gguf'), 500],
  ['structured.npy', array('structured'), 500],
  ['fortran.npy', array('fortran big-endian'), 250],
  ['compressed.npz', fixture('compressed.npz'), 250],
  ['plain.npz', fixture('plain.npz'), 300],
  ['train_state.msgpack', fixture('train_state.msgpack'), 500],
  ['chunked.msgpack', fixture('chunked.msgpack'), 500],
  ['keras.keras', fixture('keras.keras'), 20],
  ['model.safetensors', fixture('hub/single/model.safetensors'), 500],
  [SHARDS[1] ?? '', fixture(FOLDER + (SHARDS[1] ?? '')), 250],
  ['model.safetensors.index.json', fixture(`${FOLDER}model.safetensors.index.json`), 500],
])('%s with changed bytes', (name, bytes, turns) => {
  it('opens with its tensors in reach, or is refused in one sentence', async () => {
    const random = randomFrom(name.length * 7919);
    for (let turn = 0; turn < turns; turn += 1) {
      const changed = mutate(bytes, random);
      try {
        await look(changed, name);
      } catch (error) {
        if (!(error instanceof FormatError || error instanceof LimitError || error instanceof UserError)) {
          throw new Error(`turn ${turn} of ${name}`, { cause: error });
        }
        expect(error.message.trim(), `turn ${turn}`).toMatch(/[.)"]$/);
      }
    }
  }, 60_000);
});

async function look(changed: Uint8Array, name: string): Promise<void> {
  const { tensors, findings } = await openCheckpoint(changed, name, beside);
  expect(new Set(tensors.map((tensor) => tensor.name)).size).toBe(tensors.length);
  for (const { message } of findings) expect(message).toMatch(/[.)"]$/);
  structuredClone(tensors);
  for (const tensor of tensors.slice(0, 4)) {
    await inReach(() => statistics(tensor, { model: new BufferSource(changed), sibling: beside }));
  }
}

/** Values may be refused; they may not fail in another way. */
async function inReach(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof LimitError || error instanceof UserError)) throw error;
  }
}
