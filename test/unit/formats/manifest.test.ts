import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { expected, fixture } from './checkpoints';

const manifest = expected<Readonly<Record<string, { readonly sha256: string; readonly bytes: number }>>>('manifest.json');

it.each(Object.entries(manifest))('the fixture %s is the one that its script made', (name, { sha256, bytes }) => {
  const content = fixture(name);
  expect([content.length, createHash('sha256').update(content).digest('hex')]).toEqual([bytes, sha256]);
});
