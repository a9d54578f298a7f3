import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { LIMITS } from '../../src/bytes';

const table = readFileSync('docs/limits.md', 'utf8');

it.each(Object.keys(LIMITS))('docs/limits.md names %s', (name) => {
  expect(table).toContain(`\`${name}\``);
});
