import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openFileSource, siblingOpener } from '../../../src/engine/fileSource';
import type { Checkpoint } from '../../../src/model';
import { expected, fixture, numbersOf, openCheckpoint, tensorOf } from './checkpoints';
import { codes } from './support';

type Arrays = Readonly<Record<string, { readonly shape: readonly number[]; readonly values: readonly number[] }>>;
const arrays = expected<Arrays>('hub.expected.json');
const FOLDER = 'test/fixtures/weights/hub/sharded';
const SHARDS = [1, 2, 3].map((number) => `model-0000${number}-of-00003.safetensors`);
const INDEX = 'model.safetensors.index.json';

async function openIn(folder: string, name: string): Promise<Checkpoint> {
  const path = join(folder, name);
  return openCheckpoint(await openFileSource(path), name, siblingOpener(folder, path));
}

describe('a sharded checkpoint', () => {
  it.each([...SHARDS, INDEX, 'config.json'])('opens whole from %s, with the values that were saved', async (name) => {
    const checkpoint = await openIn(FOLDER, name);
    expect(checkpoint.findings).toEqual([]);
    expect(checkpoint.format).toBe('safetensors');
    expect(checkpoint.tensors.map((tensor) => tensor.name).sort()).toEqual(Object.keys(arrays).sort());
    const model = await openFileSource(join(FOLDER, name));
    for (const [tensor, { shape, values }] of Object.entries(arrays)) {
      const found = tensorOf(checkpoint, tensor);
      expect(found.shape).toEqual(shape);
      expect(await numbersOf(found, model, siblingOpener(FOLDER))).toEqual(values);
    }
    expect(checkpoint.externalFiles.length).toBe(SHARDS.includes(name) ? 2 : 3);
    expect(checkpoint.metadata).toMatchObject({ format: 'np', total_size: expect.stringMatching(/^\d+$/) });
  });

  it('takes what its configuration says', async () => {
    const { metadata } = await openIn(FOLDER, 'config.json');
    expect(metadata).toMatchObject({
      'config.model_type': 'vit',
      'config.num_attention_heads': '2',
      'config.architectures': '["ViTForImageClassification"]',
    });
  });

  it('of one file opens from its configuration', async () => {
    const checkpoint = await openIn('test/fixtures/weights/hub/single', 'config.json');
    expect(checkpoint.tensors.map(({ storage }) => 'file' in storage && storage.file)).toEqual(['model.safetensors', 'model.safetensors']);
  });
});

const scratch = mkdtempSync(join(tmpdir(), 'model-loupe-shards-'));
afterAll(() => rmSync(scratch, { recursive: true }));
let made = 0;

/** A copy of the folder with some files replaced; `null` leaves one out. */
function folder(changes: Readonly<Record<string, string | Uint8Array | null>>): string {
  made += 1;
  const path = mkdtempSync(join(scratch, `${made}-`));
  for (const name of [...SHARDS, INDEX, 'config.json']) {
    const content = name in changes ? changes[name] : fixture(`hub/sharded/${name}`);
    if (content !== null && content !== undefined) writeFileSync(join(path, name), content);
  }
  return path;
}
const [FIRST = '', SECOND = '', THIRD = ''] = SHARDS;
const shard = (name: string) => fixture(`hub/sharded/${name}`);
const index = (change: (map: Record<string, string>) => void) => {
  const content = JSON.parse(new TextDecoder().decode(shard(INDEX)));
  change(content.weight_map);
  return JSON.stringify(content);
};

describe('a sharded checkpoint of which', () => {
  it.each([
    [
      'a shard is missing',
      { [SECOND]: null },
      ['shard-missing'],
      new RegExp(`^"${SECOND}" is not beside the others; its \\d tensors, such as "encoder\\.[\\w.]+", are not shown\\.$`),
    ],
    [
      'a shard is cut short',
      { [SECOND]: shard(SECOND).subarray(0, 100) },
      ['shard-damaged'],
      new RegExp(`^"${SECOND}" cannot be read\\. ${SECOND} is damaged: .*\\.$`),
    ],
    ['a shard is a web page', { [SECOND]: '<!doctype html>' }, ['shard-damaged'], /web page/],
    ['a shard is another', { [SECOND]: shard(FIRST) }, ['duplicate-tensor', 'shard-tensor', 'shard-unlisted'], /./],
    [
      'the index knows a tensor that is nowhere',
      { [INDEX]: index((map) => Object.assign(map, { ghost: FIRST })) },
      ['shard-tensor'],
      /^Tensor "ghost" is not in/,
    ],
    [
      'the index leads out of the folder',
      { [INDEX]: index((map) => Object.assign(map, { x: '../secret.safetensors' })) },
      ['shard-refused'],
      /leads out of the model's folder/,
    ],
    [
      'the index names an absolute path',
      { [INDEX]: index((map) => Object.assign(map, { x: '/etc/passwd' })) },
      ['shard-refused'],
      /absolute/,
    ],
    [
      'the index names a backslash',
      { [INDEX]: index((map) => Object.assign(map, { x: 'a\\b.safetensors' })) },
      ['shard-refused'],
      /backslash/,
    ],
    ['the index names itself', { [INDEX]: index((map) => Object.assign(map, { x: INDEX })) }, ['shard-damaged'], /./],
  ])('%s still opens, and says so', async (_, changes, expectedCodes, message) => {
    const path = folder(changes);
    for (const name of [INDEX, THIRD]) {
      const checkpoint = await openIn(path, name);
      expect([...new Set(codes(checkpoint.findings))].sort(), name).toEqual(expectedCodes);
      expect(checkpoint.findings[0]?.message).toMatch(message);
      expect(checkpoint.tensors.map((tensor) => tensor.name)).toContain('classifier.weight');
    }
  });

  it('the opened shard itself is damaged still shows the others', async () => {
    const checkpoint = await openIn(folder({ [SECOND]: shard(SECOND).subarray(0, 100) }), SECOND);
    expect(codes(checkpoint.findings)).toEqual(['shard-damaged']);
    expect(checkpoint.tensors.length).toBeGreaterThan(2);
  });

  it('a shard is a link out of the folder is not followed there', async () => {
    const path = folder({ [SECOND]: null });
    writeFileSync(join(scratch, 'outside.safetensors'), shard(SECOND));
    symlinkSync(join(scratch, 'outside.safetensors'), join(path, SECOND));
    const { findings } = await openIn(path, INDEX);
    expect(codes(findings)).toEqual(['shard-damaged']);
    expect(findings[0]?.message).toMatch(/leads out of the model's folder through a link/);
  });

  it('there is no index is put together by the names of its shards', async () => {
    const checkpoint = await openIn(folder({ [INDEX]: null }), SECOND);
    expect([checkpoint.findings, checkpoint.tensors.length]).toEqual([[], Object.keys(arrays).length]);
  });

  it('one shard alone is there opens, and says that it is not all', async () => {
    const checkpoint = await openIn(folder({ [INDEX]: null, [FIRST]: null, [THIRD]: null }), SECOND);
    expect(codes(checkpoint.findings)).toEqual(['shard-alone']);
  });

  it.each([
    ['is no JSON', '{"weight_map": '],
    ['names numbers', '{"weight_map": {"x": 1}}'],
    ['names nothing', '{"weight_map": {}}'],
    ['is no object', '{"weight_map": []}'],
    ['names one file that is not there', '{"weight_map": {"x": "gone.safetensors"}}'],
  ])('the index %s is refused in one sentence', async (_, content) => {
    const refused = await openIn(folder({ [INDEX]: content }), INDEX).catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: expect.stringMatching(/^(FormatError|UserError)$/), message: expect.stringMatching(/\.$/) });
  });

  it('all weights are gone says so when its configuration is opened', async () => {
    const path = folder({ [INDEX]: null, [FIRST]: null, [SECOND]: null, [THIRD]: null });
    await expect(openIn(path, 'config.json')).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(/none of its weights are beside it/),
    });
  });
});
